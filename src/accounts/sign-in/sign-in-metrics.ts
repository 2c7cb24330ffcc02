import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { SignInMethod } from '../sessions/session.js';

const METHODS = ['password', 'passkey', 'link'] as const satisfies readonly SignInMethod[];
const OUTCOMES = ['signed_in', 'second_factor', 'refused', 'limited'] as const;

/** How browsers sign in. */
@Injectable()
export class SignInMetrics {
  readonly #signIns: Counter<'method' | 'outcome'>;

  constructor(registry: Registry) {
    this.#signIns = new Counter({
      name: 'gateway_sign_ins_total',
      help: 'Sign-ins by browsers, by their first factor and their outcome',
      labelNames: ['method', 'outcome'],
      registers: [registry],
    });
    for (const method of METHODS)
      for (const outcome of OUTCOMES) this.#signIns.inc({ method, outcome }, 0);
  }

  /** `second_factor`: the first was right; what becomes of it is counted by its method too. */
  count(method: SignInMethod, outcome: (typeof OUTCOMES)[number]): void {
    this.#signIns.inc({ method, outcome });
  }
}
