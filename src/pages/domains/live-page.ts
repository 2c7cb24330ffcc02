import type { ComponentType } from 'preact';
import type { PageFrame } from '../frame/frame.js';
import { pageOf, type Page } from '../frame/page.js';

type Answer = Partial<Pick<Page, 'status' | 'headers'>>;

/** A page of domains, whose layout is DomainLayout. */
export function livePage<Props extends object>(
  frame: PageFrame,
  view: ComponentType<Props>,
  props: NoInfer<Props>,
  answer: Answer = {},
): Page {
  return pageOf(frame, view, props, { ...answer, isLive: true });
}
