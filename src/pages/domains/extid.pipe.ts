import { Injectable, type PipeTransform } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';

const EXTID = /^cd[0-9a-z]{1,62}$/;

/** A malformed id in an address gets the answer of an unknown one. */
@Injectable()
export class ExtidPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (!EXTID.test(text)) throw new AppError('not_found', 'Domain not found');
    return text;
  }
}
