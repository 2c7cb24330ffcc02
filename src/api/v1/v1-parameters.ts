import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../../auth/route-mark.js';
import { readGuessesMax, readTtlSeconds } from '../../secrets/conceal-rules.js';
import type { CharacterSets, GeneratedValueOptions } from '../../secrets/generated-value.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import { readFlag } from '../body/flag.js';
import { readWireParameters, type WireParameters } from '../body/wire-parameters.js';

const NUMBER = /^\+?\d+(?:\.\d*)?(?:e[+-]?\d{1,4})?$/i;

/** `@V1Parameters() parameters: WireParameters` on a controller's parameter. */
export const V1Parameters = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = requestOf(context);
  return readWireParameters({
    url: request.raw.url ?? '',
    contentType: request.headers['content-type'],
    body: Buffer.isBuffer(request.body) ? request.body : undefined,
  });
});

/** The passphrase, or null for an absent or empty one. Never trimmed. */
export function readPassphrase(parameters: WireParameters): string | null {
  return parameters.last('passphrase') || null;
}

/** What a caller asks to conceal. The value is an argument, because `generate` makes its own. */
export function readConcealSecret(
  parameters: WireParameters,
  { kind, value }: Pick<ConcealSecret, 'kind' | 'value'>,
): ConcealSecret {
  return {
    kind,
    value,
    ttlSeconds: readTtlSeconds(parameters.last('ttl')),
    passphrase: readPassphrase(parameters),
    guessesMax: readGuessesMax(parameters.last('passphrase_attempts')),
    recipients: parameters.all('recipient'),
    language: parameters.last('language')?.trim() || null,
    notifiesOpened: readFlag(parameters.last('notify_opened')) ?? false,
    shareDomain: parameters.last('share_domain')?.trim() || null,
    surface: 'api',
  };
}

/** The value to share, or `''`, which the service refuses. */
export function readSecretValue(parameters: WireParameters): string {
  return parameters.last('secret') ?? '';
}

/** The options of `generate`. Invalid ones are ignored. */
export function readGeneratedValueOptions(parameters: WireParameters): GeneratedValueOptions {
  const length = readWholeNumber(parameters.last('length') ?? '');
  return {
    ...(length === null ? {} : { length }),
    characterSets: {
      ...characterSet('uppercase', parameters.last('character_sets[uppercase]')),
      ...characterSet('lowercase', parameters.last('character_sets[lowercase]')),
      ...characterSet('digits', parameters.last('character_sets[digits]')),
      ...characterSet('digits', parameters.last('character_sets[numbers]')),
      ...characterSet('symbols', parameters.last('character_sets[symbols]')),
    },
  };
}

function characterSet(name: keyof CharacterSets, text: string | null): CharacterSets {
  const flag = readFlag(text);
  return flag === null ? {} : { [name]: flag };
}

/** A whole number of zero or more; null for any other text. */
function readWholeNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) return null;
  return Math.min(Math.trunc(Number(trimmed)), Number.MAX_SAFE_INTEGER);
}
