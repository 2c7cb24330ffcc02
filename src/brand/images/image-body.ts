import { AppError } from '../../shared/app-error.js';
import type { ImageRefusal } from './image-refusal.js';
import { readMediaType } from '../../shared/forms/media-type.js';

/**
 * The image in a body: the body itself, or the field `image` of a form with files, as upstream's clients send it.
 * @throws AppError `invalid_request`
 */
export async function readImage(body: unknown, contentType: string | undefined): Promise<Buffer> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (readMediaType(contentType)?.essence !== 'multipart/form-data') return bytes;
  const headers = { 'content-type': contentType ?? '' };
  const form = await new Response(Uint8Array.from(bytes), { headers })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError('invalid_request', 'The form is not valid', {
        field: 'image',
        reason: 'IMAGE_MISSING' satisfies ImageRefusal,
        cause,
      });
    });
  const image = form.get('image');
  if (image === null || typeof image === 'string')
    throw new AppError('invalid_request', 'Send the image as the file "image"', {
      field: 'image',
      reason: 'IMAGE_MISSING' satisfies ImageRefusal,
    });
  return Buffer.from(await image.arrayBuffer());
}
