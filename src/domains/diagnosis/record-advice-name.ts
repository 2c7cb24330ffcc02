import { isAtOrUnder } from './diagnose-proxy.js';
import { bareName } from './diagnose-routing-view.js';

/** The name as a DNS panel wants it typed: relative to the zone, `@` for the zone itself; outside of it, in full. */
export function panelName(fqdn: string, zone: string): string {
  const [name, top] = [bareName(fqdn), bareName(zone)];
  if (name === top) return '@';
  return top !== '' && isAtOrUnder(name, top) ? name.slice(0, -top.length - 1) : name;
}

/** `the A record 192.0.2.1`, `the A records 192.0.2.1 and 192.0.2.2`. */
export function namedRecords(type: string, values: readonly string[]): string {
  return values.length === 1
    ? `the ${type} record ${values[0]}`
    : `the ${type} records ${listed(values)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
