import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Account, AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { PLANS_WITH_DOMAINS } from '../../accounts/plans.js';
import { type Statement, Statements } from '../../database/statements.js';
import { announcePair } from '../../domains/claims/domain-changes.js';
import { writeEvents } from '../../domains/claims/domain-timeline.js';
import { DomainEntity } from '../../domains/domain.entity.js';
import type { ImageFacts, ImageKind } from '../../domains/domain-look.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { AppError } from '../../shared/app-error.js';
import { PublicFile } from '../../shared/public-file.js';
import { imageVersion, type ImageName } from './brand-images.js';
import { encodeImage, type EncodedImage } from './image-codec.js';

/** About 8 MB of logos. */
const FILES_MAX = 200;

const WRITE = `
  insert into domain_images (domain_id, kind, version, width, height, bytes, small)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (domain_id, kind) do update set version = excluded.version, width = excluded.width,
    height = excluded.height, bytes = excluded.bytes, small = excluded.small, updated_at = now()`;

const FIND: Statement = {
  name: 'domain_images_find',
  text: `
    select version, width, height, bytes, small from domain_images
    where domain_id = $1 and kind = $2 and ($3::text is null or version = $3)`,
};

interface PageEnd {
  readonly pageId: string;
  readonly kind: string;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const EXPORTED = 20;
const EXPORT_PAGE = `
  select domain.extid as domain, image.kind, image.width, image.height, image.updated_at as "updatedAt",
    translate(encode(image.bytes, 'base64'), E'\\n', '') as encoded, domain.id as "pageId"
  from domains domain join domain_images image on image.domain_id = domain.id
  where domain.account_id = $1 and (domain.id, image.kind) > ($2::uuid, $3)
  order by domain.id, image.kind limit ${EXPORTED}`;

const IS_DOMAIN: Statement = {
  name: 'domain_images_domain',
  text: 'select 1 from domains where id = $1 and extid = $2',
};

/**
 * The logos and the icon of a domain. An unknown id and the id of another account's domain both throw AppError
 * `not_found`. `actor` is who acts, for the account's activity.
 */
@Injectable()
export class DomainImages {
  /** By domain, kind and version: what is in it never changes. */
  readonly #files = boundedCache<string, PublicFile>(FILES_MAX);

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /** Throws also as encodeLogo(), and `plan_required`. */
  async put(
    account: Account,
    extid: string,
    { kind, file }: { readonly kind: ImageKind; readonly file: Buffer },
    actor: Actor,
  ): Promise<EncodedImage> {
    if (!PLANS_WITH_DOMAINS.includes(account.plan)) throw planRequired();
    const image = await encodeImage(kind, file, account.id);
    const { bytes, small, width, height } = image;
    await this.#change(
      account.id,
      extid,
      { kind, what: 'changed', actor },
      async (manager, { id, look }) => {
        const version = imageVersion(bytes);
        if (look.images[kind]?.version === version) return null;
        await manager.query(WRITE, [id, kind, version, width, height, bytes, small]);
        return { version, width, height };
      },
    );
    return image;
  }

  /** Throws `not_found` when there is none, too. */
  async get(accountId: AccountId, extid: string, kind: ImageKind): Promise<EncodedImage> {
    const { id } = await requireDomain(this.dataSource.manager, accountId, extid);
    const [image] = await this.statements.run<EncodedImage>(FIND, [id, kind, null]);
    if (image === undefined) throw new AppError('not_found', 'Image not found');
    return image;
  }

  /** Does nothing when there is none. */
  remove(accountId: AccountId, extid: string, kind: ImageKind, actor: Actor): Promise<void> {
    return this.#change(
      accountId,
      extid,
      { kind, what: 'removed', actor },
      async (manager, { id, look }) => {
        if (look.images[kind] === undefined) return null;
        await manager.query('delete from domain_images where domain_id = $1 and kind = $2', [
          id,
          kind,
        ]);
        return 'none';
      },
    );
  }

  /** For everybody who visits the domain; null: there is no such image. One query when it is not in memory. */
  async fileOf(
    domainId: string,
    { kind, version, isSmall }: ImageName,
  ): Promise<PublicFile | null> {
    const keyOf = (known: string) => `${domainId} ${kind} ${known} ${isSmall}`;
    const cached = version === null ? undefined : this.#files.get(keyOf(version));
    if (cached !== undefined) return cached;
    type Row = { version: string; bytes: Buffer; small: Buffer | null };
    const [row] = await this.statements.run<Row>(FIND, [domainId, kind, version]);
    if (row === undefined) return null;
    const known = this.#files.get(keyOf(row.version));
    const bytes = isSmall ? row.small : row.bytes;
    if (known !== undefined || bytes === null) return known ?? null;
    const file = new PublicFile(bytes, 'image/png', 'public, no-cache');
    this.#files.set(keyOf(row.version), file);
    return file;
  }

  /** The logo at upstream's address; null when the id is not that of the domain, too. */
  async logoOf(
    { domainId, lookDomainId }: { readonly domainId: string; readonly lookDomainId: string },
    extid: string,
  ): Promise<PublicFile | null> {
    const [domain] = await this.statements.run(IS_DOMAIN, [domainId, extid]);
    if (domain === undefined) return null;
    return this.fileOf(lookDomainId, { kind: 'logo', version: null, isSmall: false });
  }

  /** All of an account's, page by page, for its export. */
  async *exported(accountId: AccountId): AsyncGenerator<readonly object[]> {
    let end: PageEnd | undefined = { pageId: FIRST_ID, kind: '' };
    while (end !== undefined) {
      const rows: readonly (object & PageEnd)[] = await this.dataSource.query(EXPORT_PAGE, [
        accountId,
        end.pageId,
        end.kind,
      ]);
      yield rows.map(({ pageId: _id, ...image }) => image);
      end = rows.length === EXPORTED ? rows.at(-1) : undefined;
    }
  }

  /** One transaction with its event and its announcement. `write` returns null when it changed nothing. */
  #change(
    accountId: AccountId,
    extid: string,
    {
      kind,
      what,
      actor,
    }: { readonly kind: ImageKind; readonly what: string; readonly actor: Actor },
    write: (manager: EntityManager, domain: DomainEntity) => Promise<ImageFacts | 'none' | null>,
  ): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const domain = await requireDomain(manager, accountId, extid, { isLocked: true });
      const facts = await write(manager, domain);
      if (facts === null) return;
      const { id, generation, look } = domain;
      const { [kind]: _before, ...others } = look.images;
      const images = facts === 'none' ? others : { ...others, [kind]: facts };
      const changed = {
        look: { ...look, images },
        generation: generation + 1,
        updatedAt: () => 'now()',
      };
      await manager.getRepository(DomainEntity).update(id, changed);
      const detail = { [kind.replace('-', '_')]: what };
      await writeEvents(manager, domain, [{ axis: 'serving', type: 'configured', detail }], actor);
      await announcePair(manager, id);
    });
  }
}

async function requireDomain(
  manager: EntityManager,
  accountId: AccountId,
  extid: string,
  { isLocked = false } = {},
): Promise<DomainEntity> {
  const query = manager
    .getRepository(DomainEntity)
    .createQueryBuilder('domain')
    .where({ accountId, extid })
    .andWhere('domain.removed_at is null');
  const domain = await (isLocked ? query.setLock('pessimistic_write') : query).getOne();
  if (domain === null) throw domainNotFound();
  return domain;
}

function domainNotFound(): AppError {
  return new AppError('not_found', 'Domain not found');
}

function planRequired(): AppError {
  return new AppError('plan_required', 'The plan of the account has no custom domains.');
}
