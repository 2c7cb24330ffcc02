import type { IncomingMessage } from 'node:http';
import { isApiPath } from '../api/api-path.js';
import { maintenancePage } from '../pages/public/maintenance-page.js';
import { UNAVAILABLE_MESSAGE } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { RETRY_AFTER_SECONDS, unavailableAnswer, type GatewayAnswer } from './gateway-answer.js';

const AS_JSON = unavailableAnswer({ message: UNAVAILABLE_MESSAGE });

/** The answer for a host whose cell cannot answer: a page for browsers that want one, else JSON. */
export function maintenanceAnswer(request: IncomingMessage, hostname: Hostname): GatewayAnswer {
  const { url = '/', headers } = request;
  const isForReader = headers.accept?.includes('text/html') === true;
  if (!isForReader || isApiPath(url.split(/[?#]/, 1)[0] ?? '')) return AS_JSON;
  const { cookie, 'accept-language': acceptLanguage } = headers;
  const page = maintenancePage({ hostname, cookie, acceptLanguage }, RETRY_AFTER_SECONDS);
  const answer = unavailableAnswer(page.html);
  return { ...answer, headers: { ...answer.headers, ...page.headers } };
}
