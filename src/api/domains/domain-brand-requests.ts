import { z } from 'zod';
import { BRAND_FIELD_NAMES, BRAND_FIELDS, storedSettings } from '../../brand/brand-settings.js';
import { brandImages } from '../../brand/images/brand-images.js';
import type { Domain } from '../../domains/domain.js';
import { AppError } from '../../shared/app-error.js';
import { policyFields } from './domain-policy-requests.js';

type Loose<Shape extends z.ZodRawShape> = {
  readonly [Field in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Field]>>;
};

function loose<const Shape extends z.ZodRawShape>(shape: Shape): Loose<Shape> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [
      name,
      z.optional(z.nullable(field as z.ZodType)),
    ]),
  ) as unknown as Loose<Shape>;
}

/** Images have routes of their own. Clients that send a brand back as they got it send these paths too. */
const IMAGE_FIELDS = {
  logo_url: image('logo'),
  logo_dark_url: image('logo-dark'),
  favicon_url: image('icon'),
};

const { default_ttl, passphrase_required } = policyFields;
/** As in the policy of the domain, which counts for the API too. */
const POLICY_FIELDS = { default_ttl, passphrase_required };

function image(kind: string) {
  return z
    .string()
    .meta({ description: `A path on the domain. It is set by PUT /api/domains/{id}/${kind}.` });
}

/** A field that is absent stays as it is; null removes it. */
export const brandSchema = z.object({
  brand: z.strictObject(loose({ ...BRAND_FIELDS, ...IMAGE_FIELDS, ...POLICY_FIELDS })),
});

export type BrandRequest = z.output<typeof brandSchema>;

const nothing = z.null();
const recordFields = Object.fromEntries(
  Object.entries({ ...BRAND_FIELDS, ...IMAGE_FIELDS, ...POLICY_FIELDS }).map(([name, field]) => [
    name,
    z.union([field, nothing]).meta(z.globalRegistry.get(field) ?? {}),
  ]),
);

/** Null: not set. */
export const brandRecordSchema = z.object(recordFields).meta({ id: 'DomainBrand' });
export const brandAnswerSchema = z.object({ user_id: z.string(), record: brandRecordSchema });

export type BrandRecord = Readonly<Record<string, unknown>>;
export interface BrandAnswer {
  readonly user_id: string;
  readonly record: BrandRecord;
}

export function presentBrand({ look, policy }: Pick<Domain, 'look' | 'policy'>): BrandRecord {
  const settings = storedSettings(look);
  return {
    ...Object.fromEntries(BRAND_FIELD_NAMES.map((name) => [name, settings[name] ?? null])),
    ...imagePaths(look),
    default_ttl: policy.ttlSecondsDefault,
    passphrase_required: policy.isPassphraseRequired,
  };
}

/** @throws AppError `invalid_request` for another image than the one that is there */
export function refuseImages({ brand }: BrandRequest, { look }: Domain): void {
  const paths = imagePaths(look);
  for (const [name, path] of Object.entries(paths)) {
    const sent = brand[name as keyof typeof paths];
    if (sent === undefined || sent === null || sent === path) continue;
    throw new AppError(
      'invalid_request',
      `${name} cannot be set: pages show no image from elsewhere. Send the image itself to the domain's routes for images.`,
      { field: `brand.${name}` },
    );
  }
}

function imagePaths({ images }: Domain['look']) {
  const { logo, logoDark, icon } = brandImages(images);
  return {
    logo_url: logo?.path ?? null,
    logo_dark_url: logoDark?.path ?? null,
    favicon_url: icon?.path ?? null,
  };
}
