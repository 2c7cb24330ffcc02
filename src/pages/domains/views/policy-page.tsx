import type { PolicyFault, PolicyNumber } from '../../../domains/domain-policy.js';
import { TTL_SECONDS_DEFAULT } from '../../../secrets/conceal-offer.js';
import { PASSPHRASE_LENGTH } from '../../../shared/conceal-bounds.js';
import { Button } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { LIFETIMES, lifetimeText } from '../../frame/lifetimes.js';
import type { TypedPolicy } from '../policy-form.js';
import { Choice, FieldGroup, SavedNotice, Switch } from './form-parts.js';
import { DomainLayout, useIsolated } from './parts.js';

export interface PolicyPageProps {
  readonly name: string;
  /** `/domains/cd…` */
  readonly path: string;
  readonly regionHost: string;
  /** The longest time to live of the owner's plan. */
  readonly planTtlSeconds: number;
  readonly typed: TypedPolicy;
  readonly faults: readonly PolicyFault[];
  readonly isSaved: boolean;
}

/** What the owner demands of every message of a domain. */
export function PolicyPage(props: PolicyPageProps) {
  const { name, path, typed, faults, isSaved } = props;
  const texts = useTexts();
  const isolated = useIsolated();
  return (
    <DomainLayout
      title={texts('policy.title')}
      alert={faults.length > 0 ? texts('brand.refused') : undefined}
      back={{ href: path, label: name }}
    >
      <SavedNotice isSaved={isSaved} />
      <p>{texts('policy.lead', isolated({ name }))}</p>
      <form method="post" action={`${path}/policy`}>
        <CsrfField />
        <FieldGroup legend={texts('policy.who')}>
          <p class="hint">{texts('policy.whoHint', isolated({ name }))}</p>
          <Switch name="homepage" isOn={typed.homepage} label={texts('policy.homepage')} />
          <Switch name="api" isOn={typed.api} label={texts('policy.api')} />
        </FieldGroup>
        <Lifetimes {...props} />
        <Passphrases {...props} />
        <FieldGroup legend={texts('policy.where')}>
          <Switch
            name="opens_on_region_host"
            isOn={typed.opensOnRegionHost}
            label={texts('policy.region', isolated({ name, host: props.regionHost }))}
            hint={texts('policy.regionHint', isolated({ name }))}
          />
        </FieldGroup>
        <Button>{texts('brand.save')}</Button>
      </form>
    </DomainLayout>
  );
}

function Lifetimes({ typed, faults, planTtlSeconds }: PolicyPageProps) {
  const { language, texts } = useFrame();
  const errors = useErrors(faults);
  const choice = (name: 'default_ttl' | 'max_ttl', none: string) => ({
    name,
    value: typed.numbers[name],
    options: [
      { value: '', label: none },
      ...lifetimesWith(typed.numbers[name]).map((seconds) => ({
        value: String(seconds),
        label: lifetimeText(language, seconds),
      })),
    ],
    error: errors[name],
  });
  const time = lifetimeText(language, planTtlSeconds);
  const usual = lifetimeText(language, TTL_SECONDS_DEFAULT);
  return (
    <FieldGroup legend={texts('policy.lifetimes')}>
      <Choice
        label={texts('policy.max')}
        {...choice('max_ttl', texts('policy.maxNone', { time }))}
      />
      <Choice
        label={texts('policy.default')}
        hint={texts('policy.defaultHint')}
        {...choice('default_ttl', texts('policy.defaultNone', { time: usual }))}
      />
    </FieldGroup>
  );
}

/** The usual choices, and what the API has set. */
function lifetimesWith(typed: string): number[] {
  const own = /^\d+$/.test(typed) ? [Number(typed)] : [];
  return [...new Set([...LIFETIMES, ...own])].toSorted((a, b) => a - b);
}

function Passphrases({ typed, faults }: PolicyPageProps) {
  const texts = useTexts();
  const errors = useErrors(faults);
  return (
    <FieldGroup legend={texts('policy.passphrases')}>
      <Switch
        name="passphrase_required"
        isOn={typed.passphraseRequired}
        label={texts('policy.required')}
      />
      <Field
        id="passphrase_min_length"
        label={texts('policy.shortest')}
        inputmode="numeric"
        value={typed.numbers.passphrase_min_length}
        hint={texts('policy.shortestHint', PASSPHRASE_LENGTH)}
        error={errors.passphrase_min_length}
      />
    </FieldGroup>
  );
}

function useErrors(
  faults: readonly PolicyFault[],
): Readonly<Partial<Record<PolicyNumber, string>>> {
  const texts = useTexts();
  const errors: Partial<Record<PolicyNumber, string>> = {};
  for (const { field, kind } of faults)
    errors[field] =
      field === 'passphrase_min_length'
        ? texts('policy.refused.length', PASSPHRASE_LENGTH)
        : texts(kind === 'contradicts' ? 'policy.refused.order' : 'policy.refused.time');
  return errors;
}
