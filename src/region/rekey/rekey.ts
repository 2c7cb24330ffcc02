import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { CellConfig } from '../../config/cell-config.js';
import { UnopenedCiphertexts } from '../../shared/unopened-ciphertexts.js';
import { openVaults, SEALED_COLUMNS, type SealedColumn, type Vaults } from './sealed-columns.js';

/** What became of one kind of record. */
export interface RekeyedKind {
  readonly kind: string;
  /** Sealed under the current version by this call. */
  readonly resealed: number;
  /** Under another version, and it does not open: damaged, or its root key is not configured. */
  readonly unopened: number;
  /** Under another version, because a gateway that still has that one in front wrote it meanwhile. */
  readonly left: number;
}

/** Rows that one statement looks at. */
const BATCH = 500;
/** Gateways with an older key in front write on; a later pass meets what they wrote. */
const PASSES = 3;

interface Row {
  readonly id: string;
  /** Null: under the current version, or nothing is sealed. */
  readonly sealed: Buffer | null;
  readonly keyVersion: number | null;
  readonly hostname?: string;
  readonly certificateVersion?: number;
}

/**
 * Seals anew, under the current root key, what is sealed under an older one and outlives it. Gateways may run: each row
 * changes by one statement, and only if its ciphertext is still the one that was read. An interrupted call leaves every
 * row readable, and the next goes on with what is left.
 */
export class Rekey {
  readonly #vaults: Vaults;
  readonly #current: number;

  constructor(
    config: Pick<CellConfig, 'region' | 'rootKeys'>,
    private readonly dataSource: DataSource,
  ) {
    this.#vaults = openVaults(config, new UnopenedCiphertexts(new Registry()));
    this.#current = config.rootKeys[0].version;
  }

  async run(): Promise<RekeyedKind[]> {
    const kinds: RekeyedKind[] = [];
    for (const column of SEALED_COLUMNS) kinds.push(await this.#rekey(column));
    return kinds;
  }

  async #rekey(column: SealedColumn): Promise<RekeyedKind> {
    let resealed = 0;
    let last = { resealed: 0, unopened: 0, lost: 0 };
    for (let pass = 0; pass < PASSES; pass += 1) {
      last = await this.#pass(column);
      resealed += last.resealed;
      if (last.resealed + last.lost === 0) break;
    }
    // What the last pass met was changed by it; only a row that another process changed meanwhile may be left.
    return { kind: column.kind, resealed, unopened: last.unopened, left: last.lost };
  }

  /** Once through the table, in the order of its primary key. */
  async #pass(column: SealedColumn) {
    const count = { resealed: 0, unopened: 0, lost: 0 };
    let after: string | null = null;
    for (;;) {
      const rows: Row[] = await this.dataSource.query(find(column), [after, this.#current]);
      for (const row of rows) {
        const outcome = await this.#reseal(column, row);
        if (outcome !== null) count[outcome] += 1;
      }
      const next = rows.at(-1)?.id;
      if (next === undefined || rows.length < BATCH) return count;
      after = next;
    }
  }

  async #reseal(
    column: SealedColumn,
    { id, sealed, keyVersion, ...more }: Row,
  ): Promise<'resealed' | 'unopened' | 'lost' | null> {
    if (sealed === null || keyVersion === null) return null;
    const anew = column.reseal(this.#vaults, { id, ...more }, { sealed, keyVersion });
    if (anew === null) return 'unopened';
    const values = [id, sealed, anew.sealed, anew.keyVersion];
    const [, changed] = await this.dataSource.query<[unknown[], number]>(replace(column), values);
    return changed === 1 ? 'resealed' : 'lost';
  }
}

function find({ table, id, idType, sealed, version, more = '' }: SealedColumn): string {
  return `
    select ${id}::text as id, case when ${version} <> $2 then ${sealed} end as sealed,
      ${version} as "keyVersion"${more}
    from ${table} where $1::text is null or ${id} > $1::text::${idType}
    order by ${table}.${id} limit ${BATCH}`;
}

function replace({ table, id, idType, sealed, version }: SealedColumn): string {
  return `
    update ${table} set ${sealed} = $3, ${version} = $4
    where ${id} = $1::text::${idType} and ${sealed} = $2`;
}
