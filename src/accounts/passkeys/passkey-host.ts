/** The site that passkeys belong to: the region's own host. The room that knows hosts provides it. */
export abstract class PasskeyHost {
  /** The host without a port. */
  abstract readonly rpId: string;
  /** With the public port, as browsers name it. */
  abstract readonly origin: string;
}
