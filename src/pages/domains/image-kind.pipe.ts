import { Injectable, type PipeTransform } from '@nestjs/common';
import { IMAGE_KINDS, type ImageKind } from '../../domains/domain-look.js';
import { AppError } from '../../shared/app-error.js';

/** What is no kind of image in an address has no page. */
@Injectable()
export class ImageKindPipe implements PipeTransform<string, ImageKind> {
  transform(text: string): ImageKind {
    const kind = IMAGE_KINDS.find((known) => known === text);
    if (kind === undefined) throw new AppError('not_found', 'Image not found');
    return kind;
  }
}
