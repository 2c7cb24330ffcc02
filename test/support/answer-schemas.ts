import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DocumentedOperation, RawDocument } from './documented-operations.js';
import type { Answer } from './https-client.js';

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

const FORMATS = {
  'date-time': DATE_TIME,
  date: /^\d{4}-\d{2}-\d{2}$/,
  email: /^[^@\s]+@[^@\s]+$/,
  uri: (text: string) => URL.canParse(text),
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

/** Checks answers against a document. */
export class AnswerSchemas {
  // `example` is a word of OpenAPI only; a format that is not in FORMATS is an error.
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(private readonly document: RawDocument) {}

  /** What of an answer is not as the document says; null when nothing is. */
  faultOf(operation: DocumentedOperation, answer: Answer): string | null {
    const documented = operation.answers.get(answer.status);
    if (documented === undefined) return `status ${answer.status} is not documented`;
    const missing = documented.requiredHeaders.filter((name) => answer.headers[name] === undefined);
    if (missing.length > 0) return `headers are missing: ${missing.join(', ')}`;
    const { mediaType, schema } = documented;
    if (mediaType === null) return answer.text === '' ? null : 'a body is not documented';
    const sent = String(answer.headers['content-type']);
    if (!sent.startsWith(mediaType)) return `${sent} in place of ${mediaType}`;
    return schema === null ? null : this.#faultOfBody(schema, answer);
  }

  #faultOfBody(schema: object, answer: Answer): string | null {
    const validate = this.#validatorOf(schema);
    if (validate(answer.json<unknown>())) return null;
    return this.#ajv.errorsText(validate.errors, { separator: '\n' });
  }

  #validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema);
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const { components } = this.document;
    const validate = this.#ajv.compile({ ...schema, components });
    this.#compiled.set(text, validate);
    return validate;
  }
}
