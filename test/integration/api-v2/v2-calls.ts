import { createdAnswer, receiptAnswer } from '../../../src/api/v2/v2-answers.js';
import type { TwoTenants, Who } from '../api-domains/two-tenants.js';

export const DAY = 86_400;
/** A key that no secret has. */
export const NEVER = '0'.repeat(31);
/** The one answer of API v2 for every kind of gone. */
export const GONE = '{"error":"Unknown secret","error_type":"RecordNotFound","request_id":"test"}';

/** Calls of API v2 on the region's own host, with their answers checked by schema. */
export class V2Calls {
  constructor(private readonly tenants: () => TwoTenants) {}

  call = (line: string, body?: object | string, who: Who = 'anonymous') =>
    this.tenants().call('R', who, line, body);

  conceal = async (fields: object = {}, who: Who = 'anonymous') => {
    const body = { secret: { secret: 'hello', ...fields } };
    const answer = await this.call('POST /api/v2/secret/conceal', body, who);
    if (answer.statusCode !== 200) throw new Error(answer.body);
    const { record, details } = createdAnswer.parse(answer.json());
    return { ...record, details, key: record.secret.key, receiptKey: record.receipt.key };
  };

  generate = async (fields: object = {}) => {
    const answer = await this.call('POST /api/v2/secret/generate', { secret: fields });
    return createdAnswer.parse(answer.json()).record;
  };

  reveal = (key: string, body: object = { continue: true }) =>
    this.call(`POST /api/v2/secret/${key}/reveal`, body);

  receiptOf = async (key: string) =>
    receiptAnswer.parse((await this.call(`GET /api/v2/receipt/${key}`)).json());
}
