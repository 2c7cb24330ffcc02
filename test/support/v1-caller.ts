import type { GatewayProcess } from './gateway-process.js';
import type { Answer, Call } from './https-client.js';

export type Fields = Readonly<Record<string, string | number>>;

/** The metadata of a secret. Tests read its other fields by name. */
export interface Metadata {
  readonly metadata_key: string;
  readonly secret_key: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

/** API v1 on one region's host for one caller. Each request has a connection of its own. */
export class V1Caller {
  constructor(
    private readonly gateway: GatewayProcess,
    private readonly region: string,
    private readonly account: { readonly auth: string } | null = null,
  ) {}

  /** `path` is below `/api/v1`. */
  send({ path, ...rest }: Call): Promise<Answer> {
    const auth = this.account === null ? {} : { auth: this.account.auth };
    return this.gateway.call(this.region, { ...auth, ...rest, path: `/api/v1${path}` });
  }

  get(path: string): Promise<Answer> {
    return this.send({ path });
  }

  post(path: string, fields?: Fields): Promise<Answer> {
    return this.send({ path, method: 'POST', ...(fields === undefined ? {} : { body: fields }) });
  }

  async share(secret: string, fields: Fields = {}): Promise<Metadata> {
    return bodyOf(await this.post('/share', { secret, ...fields }));
  }

  async generate(fields: Fields = {}): Promise<Metadata> {
    return bodyOf(await this.post('/generate', fields));
  }

  reveal(secretKey: string, fields?: Fields): Promise<Answer> {
    return this.post(`/secret/${secretKey}`, fields);
  }

  async metadata(metadataKey: string): Promise<Metadata> {
    return bodyOf(await this.get(`/private/${metadataKey}`));
  }

  burn(metadataKey: string, fields?: Fields): Promise<Answer> {
    return this.post(`/private/${metadataKey}/burn`, fields);
  }
}

function bodyOf(answer: Answer): Metadata {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return answer.json<Metadata>();
}

/** The status and the parsed body of an answer. */
export function outcomeOf(answer: Answer): readonly [status: number, body: unknown] {
  return [answer.status, answer.json<unknown>()];
}
