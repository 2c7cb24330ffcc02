const STARS = '*****';

/** `foo.bar@example.com` becomes `fo*****@e*****.com`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [local, host] = [address.slice(0, at), address.slice(at + 1)];
  const topLevel = host.slice(host.lastIndexOf('.') + 1);
  return `${start(local, 2)}${STARS}@${start(host, 1)}${STARS}.${topLevel}`;
}

function start(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}
