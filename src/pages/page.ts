import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';

/** One HTML answer. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The document, escaped and complete. */
  readonly body: string;
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "require-trusted-types-for 'script'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * On every page. The referrer policy is not `no-referrer`, because under that a browser sends `Origin: null` with
 * our own forms, which the same-origin check refuses.
 */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), clipboard-write=(self)',
} as const;

/** Renders a view into a page; `headers` are added to those of every page. */
export function pageOf(
  view: VNode,
  { status = 200, headers = {} }: Partial<Pick<Page, 'status' | 'headers'>> = {},
): Page {
  return {
    status,
    headers: { ...PAGE_HEADERS, ...headers },
    body: `<!doctype html>${render(view)}`,
  };
}

/** "See Other": the browser gets `path`, and reloading it repeats nothing. */
export function seeOther(path: string): Page {
  return { status: 303, headers: { ...PAGE_HEADERS, location: path }, body: '' };
}
