import { z } from 'zod';

const connectSchema = z
  .object({
    state: z.enum(['unknown', 'unsupported', 'no_template', 'available']).meta({
      description:
        'unknown: it could not be found out yet. unsupported: the DNS provider does not speak Domain Connect. no_template: it does not know this service.',
    }),
    provider: z.object({ id: z.string(), name: z.string() }).nullable(),
    zone: z.string().nullable(),
    host: z.string().nullable().meta({ description: 'Relative to the zone; null for its apex.' }),
    url: z.string().nullable().meta({
      description:
        'Open it in a browser: the DNS provider asks for consent and makes the records. Only in answers about one domain; null while none is offered.',
    }),
    prepare_url: z.string().nullable().meta({
      description: 'The same for the records that are needed before the name is switched.',
    }),
    window: z
      .object({ width: z.int(), height: z.int() })
      .nullable()
      .meta({ description: 'Pixels that the page of the DNS provider needs.' }),
    writes: z.array(z.int()).meta({ description: 'Indices into records.' }),
    replaces: z
      .array(z.object({ name: z.string(), type: z.string(), values: z.array(z.string()) }))
      .meta({ description: 'What the DNS provider will remove, as far as we can see.' }),
    pair: z
      .object({
        hostname: z.string(),
        name: z.string(),
        type: z.literal('CNAME'),
        value: z.string(),
      })
      .nullable()
      .meta({
        description:
          'The record of the other name of the pair that the link makes too: of `www`, in an answer about its apex.',
      }),
    control_panel: z.string().nullable(),
    checked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DomainConnect' });

const panelSchema = z
  .object({
    provider: z.string(),
    url: z.string(),
    names: z.enum(['relative', 'absolute']).meta({
      description: 'Whether its name field takes the part before the zone, or the name in full.',
    }),
    has_proxy: z.boolean().meta({
      description: 'It can put a proxy in front of a record: switch it off.',
    }),
  })
  .meta({ id: 'DnsPanel' });

export const setupSchema = z.object({
  domain_connect: connectSchema
    .nullable()
    .meta({ description: 'null: the operator has not set it up.' }),
  panel: panelSchema.nullable().meta({
    description: 'Where the records are made by hand; null: unknown, or nothing is missing.',
  }),
});

export type SetupAnswer = z.infer<typeof setupSchema>;
