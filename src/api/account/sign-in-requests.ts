import { z } from 'zod';

export const sessionIdSchema = z.uuid().meta({
  description: 'The id of a session.',
  example: '5b1c1f0a-7f0c-4f0e-9d0e-2f4f5b0b7c11',
});

export const passkeyIdSchema = z.uuid().meta({
  description: 'The id of a passkey.',
  example: '1d9c1f0a-7f0c-4f0e-9d0e-2f4f5b0b7c11',
});

export const passwordSchema = z
  .object({
    password: z.string({ error: 'password is a text' }).meta({
      description: 'At least 10 characters, at most 512 bytes; not one that many people have.',
      example: 'a quiet harbour at dawn',
    }),
  })
  .meta({ id: 'NewPassword', description: 'A password to set.' });

export const passkeySchema = z
  .object({
    name: z.string({ error: 'name is a text' }).meta({ example: 'My phone' }),
    response: z
      .record(z.string(), z.unknown(), { error: 'response is what credential.toJSON() gave' })
      .meta({ description: 'What `credential.toJSON()` gave.' }),
  })
  .meta({ id: 'NewPasskey', description: 'A passkey that the browser has made.' });

export const passkeyNameSchema = passkeySchema
  .pick({ name: true })
  .meta({ id: 'PasskeyName', description: 'What a passkey is called.' });

export const codeSchema = z
  .object({
    code: z.string({ error: 'code is a text' }).meta({
      description: 'What the authenticator app shows.',
      example: '123456',
    }),
  })
  .meta({ id: 'AuthenticatorCode', description: 'A code of the authenticator app.' });

export type PasswordRequest = z.output<typeof passwordSchema>;
export type PasskeyRequest = z.output<typeof passkeySchema>;
export type PasskeyNameRequest = z.output<typeof passkeyNameSchema>;
export type CodeRequest = z.output<typeof codeSchema>;
