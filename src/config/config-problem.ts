/** A problem of one environment variable. `message` never contains a key or a password. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** The problems of variables that are given without the one that they are about. */
export function orphans(variables: readonly string[], owner: string): ConfigProblem[] {
  const message = `set without ${owner}, which it belongs to`;
  return variables.map((variable) => ({ variable, message }));
}
