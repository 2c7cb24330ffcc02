import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Brand } from '../../brand/brand.js';
import type { Language } from '../../shared/language.js';
import type { Tenant } from '../../tenancy/tenant.js';
import type { Texts } from '../messages/messages.js';

/** What is around the content of every page: whose it is, and in which language. */
export interface PageFrame {
  readonly tenant: Tenant;
  readonly brand: Brand;
  readonly language: Language;
  readonly texts: Texts;
  /** Of the request, without its query. */
  readonly path: string;
  /** The languages to switch to; empty on a page that another request would not show again. */
  readonly switches: readonly LanguageSwitch[];
  /** Proves that a form comes from a page of the visitor's session; null without a session. */
  readonly csrf: string | null;
  /** What the visitor has chosen just now, to be remembered; null otherwise. */
  readonly chosen: Language | null;
}

export interface LanguageSwitch {
  readonly language: Language;
  /** Relative: the same page, with all of its query. */
  readonly href: string;
}

export const FrameContext = createContext<PageFrame | null>(null);

/** The frame of the page that is rendered. */
export function useFrame(): PageFrame {
  const frame = useContext(FrameContext);
  if (frame === null) throw new Error('a view was rendered outside pageOf()');
  return frame;
}

/** The texts of the page that is rendered. */
export function useTexts(): Texts {
  return useFrame().texts;
}
