import type { ComponentChildren } from 'preact';
import { When } from '../../frame/when.js';

/** A name and what it is; null is left out. */
export type Fact = readonly [name: string, content: ComponentChildren | null];

/** What a thing is, name by name. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl>
      {facts.map(([name, content]) =>
        content === null ? null : (
          <>
            <dt>{name}</dt>
            <dd>{content}</dd>
          </>
        ),
      )}
    </dl>
  );
}

/** The instant of a fact; null when there is none. */
export function instant(at: Date | null): ComponentChildren | null {
  return at === null ? null : <When at={at} />;
}
