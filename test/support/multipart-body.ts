export const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';

/** The Content-Type of the result of multipart(). */
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

/** A form with text fields, as browsers send it. */
export function multipart(fields: readonly (readonly [name: string, value: string])[]): string {
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}
