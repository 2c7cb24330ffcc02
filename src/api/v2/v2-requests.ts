import { z } from 'zod';
import { AppError } from '../../shared/app-error.js';
import { readTtlSeconds } from '../../secrets/conceal-rules.js';
import type { GeneratedValueOptions } from '../../secrets/generated-value.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import { readFlag } from '../body/flag.js';

const IDENTIFIERS_MAX = 100;
const WRONG_FORMAT = 'Incorrect payload format';

/** Text, or a number that stands for it. A lone surrogate has no UTF-8. */
const text = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((value) => value.isWellFormed(), 'The request is not valid UTF-8');

const textOrNull = text.nullish().transform((value) => value ?? null);

/** Forms have no booleans. */
const flag = z.union([z.boolean(), z.string()]).transform(String);

const option = z
  .union([flag, text])
  .nullish()
  .transform((value) => readFlag(value ?? null));

const wholeNumber = (name: string) =>
  textOrNull
    .refine(
      (value) => value === null || /^\s*(?:\+?\d{1,9}(?:\.0*)?)?\s*$/.test(value),
      `${name} must be a whole number`,
    )
    .transform((value) => (value === null || value.trim() === '' ? null : Number(value)));

const ttl = textOrNull.transform(readTtlSeconds).meta({
  description:
    'Seconds. Absent, empty or 0: the default of 7 days. At least 60, at most what the plan allows.',
  example: 3600,
});
const passphrase = textOrNull.meta({
  description: 'What the recipient must know besides the link: 4 to 128 characters.',
  example: 'correct horse',
});

const creation = {
  ttl,
  passphrase,
  passphrase_attempts: wholeNumber('passphrase_attempts').meta({
    description: 'After so many wrong passphrases the secret is burned, 1 to 100.',
  }),
  recipient: z
    .union([text, z.array(text)])
    .nullish()
    .transform((value) => [value ?? []].flat())
    .meta({ description: 'For accounts: whom the link is for.', example: 'someone@example.com' }),
  language: textOrNull.meta({
    description: 'Of the mail to the recipient: en, de, fr, es, nl or ar. Anything else: English.',
  }),
  notify_opened: option.meta({
    description: 'For accounts: a mail to its address when the secret is opened.',
  }),
  share_domain: textOrNull.meta({
    description: "An own custom domain, which the link is then made for; else the request's host.",
  }),
  kind: z.unknown().optional().meta({ description: 'Ignored: the path says it.' }),
};

const characterSets = z
  .object({
    uppercase: option,
    lowercase: option,
    digits: option,
    numbers: option.meta({ description: 'The same as digits.' }),
    symbols: option,
  })
  .nullish();

// A passphrase beside `secret` instead of inside would be ignored, and the link unprotected. Unset ones do no harm.
const beside = z
  .union([z.null(), z.literal('')], { error: WRONG_FORMAT })
  .meta({ id: 'NotBesideSecret', description: 'Belongs inside `secret`: here only unset.' })
  .optional();
const NOT_BESIDE = {
  ttl: beside,
  passphrase: beside,
  passphrase_attempts: beside,
  language: beside,
  notify_opened: beside,
  recipient: beside,
  share_domain: beside,
  length: beside,
};

export const concealSchema = z
  .object({
    secret: z
      .object(
        { ...creation, secret: textOrNull.meta({ description: 'The value.', example: 'hello' }) },
        { error: WRONG_FORMAT },
      )
      .nullish(),
    ...NOT_BESIDE,
  })
  .transform(({ secret }) => secret ?? null)
  .meta({ id: 'ConcealRequest' });

export const generateSchema = z
  .object({
    secret: z
      .object(
        {
          ...creation,
          length: wholeNumber('length').meta({ description: 'Characters, 12 by default.' }),
          character_sets: characterSets,
        },
        { error: WRONG_FORMAT },
      )
      .nullish(),
    ...NOT_BESIDE,
  })
  .transform(({ secret }) => secret ?? null)
  .meta({ id: 'GenerateRequest' });

const confirmation = {
  continue: flag
    .nullish()
    .transform((value) => /^true$/i.test(value ?? ''))
    .meta({ description: 'Without true nothing happens and no passphrase is looked at.' }),
  passphrase: textOrNull.meta({ description: 'If the secret has one.' }),
};

export const revealSchema = z.object(confirmation).meta({ id: 'RevealRequest' });

export const burnSchema = z.object(confirmation).meta({ id: 'BurnRequest' });

export const statusListSchema = z
  .object({
    identifiers: z
      .union([text, z.array(text)], { error: 'identifiers is a list of secret identifiers' })
      .nullish()
      .transform((value) => [value ?? []].flat().flatMap((part) => part.split(',')))
      .refine(
        (keys) => keys.length <= IDENTIFIERS_MAX,
        `identifiers has at most ${IDENTIFIERS_MAX} entries`,
      )
      .meta({ description: 'A list, or a text with commas between.', example: 'KEY1,KEY2' }),
  })
  .meta({ id: 'SecretStatusListRequest' });

export const memoSchema = z
  .object({
    memo: textOrNull.meta({
      description: 'Plain text, cut at 500 characters. Empty: removes it. Absent: no change.',
    }),
  })
  .meta({ id: 'MemoRequest' });

export const recentQuerySchema = z.object({
  scope: z
    .string()
    .optional()
    .meta({ description: 'Not in any plan here: refused with EntitlementRequired.' }),
});

export type ConcealRequest = z.output<typeof concealSchema>;
export type GenerateRequest = z.output<typeof generateSchema>;
export type RevealRequest = z.output<typeof revealSchema>;
export type BurnRequest = z.output<typeof burnSchema>;
export type StatusListRequest = z.output<typeof statusListSchema>;
export type MemoRequest = z.output<typeof memoSchema>;

/** The names whose values may be repeated in a form. */
export const LIST_NAMES = ['recipient', 'identifiers'];

/** What a caller asks to conceal; `value` is an argument, because `generate` makes its own. */
export function concealCommand(
  request: ConcealRequest | GenerateRequest,
  { kind, value }: Pick<ConcealSecret, 'kind' | 'value'>,
): ConcealSecret {
  return {
    kind,
    value,
    ttlSeconds: request?.ttl ?? null,
    passphrase: request?.passphrase || null,
    guessesMax: request?.passphrase_attempts ?? null,
    recipients: request?.recipient ?? [],
    language: request?.language ?? null,
    notifiesOpened: request?.notify_opened ?? false,
    shareDomain: request?.share_domain?.trim() || null,
    honoursShareDomain: true,
    surface: 'api',
  };
}

type ChosenSets = Partial<NonNullable<z.output<typeof characterSets>>>;

export function generatedValueOptions(request: GenerateRequest): GeneratedValueOptions {
  const { numbers = null, digits = null, ...sets }: ChosenSets = request?.character_sets ?? {};
  const chosen = { ...sets, digits: digits ?? numbers };
  const flags = Object.entries(chosen).filter(([, isChosen]) => isChosen !== null);
  const length = request?.length ?? null;
  return { ...(length === null ? {} : { length }), characterSets: Object.fromEntries(flags) };
}

/** @throws AppError `invalid_request` with the message and the field of the first issue */
export function validated<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body, { error: wrongType });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.findLast((part) => typeof part === 'string');
  const options = field === undefined ? {} : { field };
  throw new AppError('invalid_request', issue?.message ?? WRONG_FORMAT, options);
}

/** For a value of a type that no rule of the schema names. */
function wrongType({ path }: { readonly path?: readonly PropertyKey[] | undefined }): string {
  const name = path?.findLast((part) => typeof part === 'string');
  return name === undefined ? WRONG_FORMAT : `${name} has the wrong type`;
}
