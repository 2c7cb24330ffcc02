// Imported by a gateway before its own files: shifts its clock by the milliseconds in the file FAULTS_CLOCK_FILE.
import { readFileSync } from 'node:fs';

const EVERY_MS = 20;
const file = String(process.env['FAULTS_CLOCK_FILE']);
const HostDate = Date;
let offset = 0;

const read = () => {
  try {
    offset = Number(readFileSync(file, 'utf8'));
  } catch {
    offset = 0;
  }
};
setInterval(read, EVERY_MS).unref();

globalThis.Date = class extends HostDate {
  constructor(...values) {
    if (values.length === 0) super(HostDate.now() + offset);
    else super(...values);
  }

  static now() {
    return HostDate.now() + offset;
  }
};
