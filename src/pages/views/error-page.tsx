import { Layout } from './layout.js';

export interface ErrorPageProps {
  readonly title: string;
  readonly text: string;
}

export function ErrorPage({ title, text }: ErrorPageProps) {
  return (
    <Layout title={title}>
      <p>{text}</p>
    </Layout>
  );
}
