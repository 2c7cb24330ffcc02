import { Alert } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

export interface PressedPageProps {
  readonly title: string;
  readonly text: string;
  /** What to do when the other answer cannot be found. */
  readonly otherwise: string;
  /** A page of ours that shows how things stand. */
  readonly back: { readonly href: string; readonly label: string };
}

/** The answer to the second request of one press, when another process has acted on the first. */
export function PressedPage({ title, text, otherwise, back }: PressedPageProps) {
  return (
    <Layout title={title}>
      <Alert>{text}</Alert>
      <p>{otherwise}</p>
      <p>
        <a href={back.href}>{back.label}</a>
      </p>
    </Layout>
  );
}
