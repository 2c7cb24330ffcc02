import type { MessageKeyOf } from '../messages/messages.js';
import { useFrame } from './frame.js';
import type { NavItem } from './header.js';

/** The pages of an account. What is below one of them is reached from it. */
const PAGES: readonly (readonly [path: string, label: MessageKeyOf<'nav'>])[] = [
  ['/account', 'nav.account'],
  ['/account/secrets', 'nav.secrets'],
  ['/domains', 'nav.domains'],
  ['/account/tokens', 'nav.tokens'],
  ['/account/security', 'nav.security'],
  ['/account/webhooks', 'nav.webhooks'],
  ['/account/sessions', 'nav.sessions'],
  ['/account/activity', 'nav.activity'],
];

/** The way around an account, on each of its pages, for whoever is signed in; none on others. */
export function useAccountNav(): readonly NavItem[] {
  const { csrf, path, texts } = useFrame();
  const current = currentOf(path);
  if (csrf === null || current === undefined) return [];
  return PAGES.map(([href, label]) => ({
    href,
    label: texts(label),
    isCurrent: href === current,
  }));
}

/** The page that `path` belongs to: the longest that it begins with. */
function currentOf(path: string): string | undefined {
  return PAGES.map(([href]) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((one, other) => other.length - one.length)[0];
}
