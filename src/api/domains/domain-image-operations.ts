import { z } from 'zod';
import { IMAGE_KINDS, type ImageKind } from '../../domains/domain-look.js';
import { IMAGE_BYTES_MAX } from '../../brand/images/image-codec.js';
import type { Operation } from '../openapi/operation.js';
import { imageAnswerSchema, imageRemovalAnswerSchema } from './domain-image-answers.js';
import { extidSchema } from './domain-requests.js';

const WORDS: Record<ImageKind, { readonly name: string; readonly subject: string }> = {
  logo: { name: 'Logo', subject: 'the logo' },
  'logo-dark': { name: 'DarkLogo', subject: 'the logo for dark pages' },
  icon: { name: 'Icon', subject: 'the icon' },
};

const COMMON = {
  credentials: 'required',
  scope: 'domains',
  params: z.object({ id: extidSchema }),
  from: { id: { operationId: 'claimDomain', pointer: '/record/id' } },
} as const;

const file = z.string().meta({ format: 'binary' });

function operationsOf(kind: ImageKind): Operation[] {
  const { name, subject } = WORDS[kind];
  const common = { ...COMMON, path: `/api/domains/{id}/${kind}` };
  const upload = {
    ...common,
    summary: `Set ${subject}`,
    description: `PNG, JPEG or WebP of at most ${IMAGE_BYTES_MAX[kind === 'icon' ? 'icon' : 'logo']} bytes, with one frame, as the body or as the file \`image\` of a form. It is made small and stored as PNG.`,
    body: { schema: file, mediaTypes: ['image/png', 'image/jpeg', 'image/webp'], isRequired: true },
    answers: { 200: { description: 'The image as it is served.', schema: imageAnswerSchema } },
  };
  return [
    { ...upload, method: 'put', operationId: `set${name}` },
    { ...upload, method: 'post', operationId: `set${name}ByPost` },
    {
      ...common,
      method: 'get',
      operationId: `get${name}`,
      summary: `Show ${subject}`,
      answers: { 200: { description: 'The image as it is served.', schema: imageAnswerSchema } },
    },
    {
      ...common,
      method: 'delete',
      operationId: `remove${name}`,
      summary: `Remove ${subject}`,
      answers: { 200: { description: 'There is none.', schema: imageRemovalAnswerSchema } },
    },
  ];
}

/** The images of a domain. */
export const IMAGE_OPERATIONS: readonly Operation[] = IMAGE_KINDS.flatMap(operationsOf);
