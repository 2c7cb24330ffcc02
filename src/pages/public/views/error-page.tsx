import { Layout } from '../../frame/layout.js';

export interface ErrorPageProps {
  readonly title: string;
  readonly text: string;
  /** A page of ours from which to try again. */
  readonly back?: { readonly href: string; readonly label: string };
}

export function ErrorPage({ title, text, back }: ErrorPageProps) {
  return (
    <Layout title={title}>
      <p>{text}</p>
      {back !== undefined && (
        <p>
          <a href={back.href}>{back.label}</a>
        </p>
      )}
    </Layout>
  );
}
