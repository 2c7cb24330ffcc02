import { HttpException } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import { pageOf, retryAfterHeaders, type Page } from './page.js';
import { ErrorPage, type ErrorPageProps } from './views/error-page.js';
import { GonePage } from './views/gone-page.js';

const NOT_FOUND = {
  title: 'Page not found',
  text: 'There is nothing at this address. Check that you have all of it.',
};
const REFUSED = {
  title: 'Please use the page itself',
  text: 'This did not come from a page of this site, so nothing was done. Open the link again and use its button.',
};
const NOT_SIGNED_IN = {
  title: 'Not authorized',
  text: 'The credentials that were sent are not valid here.',
};
const TOO_LARGE = { title: 'Too large', text: 'That is more than fits into one message.' };
const BAD_REQUEST = {
  title: 'That did not work',
  text: 'The request could not be understood. Go back and try again.',
};
const UNAVAILABLE = {
  title: 'Try again in a moment',
  text: 'The service does not answer just now. Your link stays as it is.',
};
const UNEXPECTED = {
  title: 'Something went wrong',
  text: 'This is our fault, and it is written down. Try again in a moment.',
};

/** What the pages answer to anything thrown. Nothing of the request is repeated. */
export function pageErrorAnswer(error: unknown): Page {
  return error instanceof AppError ? answerOurs(error) : answerStatus(statusOf(error));
}

function answerOurs(error: AppError): Page {
  switch (error.code) {
    case 'secret_gone':
      return pageOf(GonePage(), { status: 404 });
    case 'not_found':
      return errorPage(404, NOT_FOUND);
    case 'not_authorized':
      return errorPage(401, NOT_SIGNED_IN);
    case 'payload_too_large':
      return errorPage(413, TOO_LARGE);
    case 'busy':
    case 'unavailable':
      return pageOf(ErrorPage(UNAVAILABLE), { status: 503, headers: retryAfterHeaders(error) });
    case 'invalid_request':
    case 'wrong_passphrase':
    case 'account_exists':
      return errorPage(400, BAD_REQUEST);
  }
}

function answerStatus(status: number): Page {
  if (status === 404) return errorPage(404, NOT_FOUND);
  if (status === 403) return errorPage(403, REFUSED);
  if (status === 413) return errorPage(413, TOO_LARGE);
  return status >= 400 && status < 500 ? errorPage(400, BAD_REQUEST) : errorPage(500, UNEXPECTED);
}

function errorPage(status: number, props: ErrorPageProps): Page {
  return pageOf(ErrorPage(props), { status });
}

/** Nest's exceptions and Fastify's errors carry one; anything else is a bug. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const hasStatus = error instanceof Error && 'statusCode' in error;
  return hasStatus ? Number(error.statusCode) : 500;
}
