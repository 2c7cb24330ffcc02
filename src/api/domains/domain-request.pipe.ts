import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import { readJsonBody } from '../body/json-body.js';

type Schema = NonNullable<ArgumentMetadata['schema']>;

/**
 * Validates the parameters of a domain route that name a schema: `@Body({ schema })`, `@Query({ schema })` and
 * `@Param('id', { schema })`. Throws AppError `invalid_request` with the message and the field of the first issue.
 */
@Injectable()
export class DomainRequestPipe extends StandardSchemaValidationPipe {
  /** The message for an id that is malformed, as for one that is unknown. */
  protected readonly unknownId: string = 'Domain not found';

  constructor() {
    super({
      exceptionFactory: ([issue]) =>
        new AppError('invalid_request', issue?.message ?? 'The request is not valid', {
          field: issue?.path?.map(String).join('.') || 'body',
        }),
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const validated = super.transform(value, metadata);
    if (metadata.type !== 'param') return validated;
    // A malformed id and an unknown id get the same answer.
    return validated.catch((cause: unknown) => {
      throw new AppError('not_found', this.unknownId, { cause });
    });
  }

  /** Raw bytes, or nothing, are a body; a query string arrives as an object, an id as a string. */
  protected override async validate<T>(value: unknown, schema: Schema) {
    const isBody = value === undefined || Buffer.isBuffer(value);
    return super.validate<T>(isBody ? readJsonBody(value) : value, schema);
  }
}
