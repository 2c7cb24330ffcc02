import { readFileSync } from 'node:fs';

/** The processes that a process has started and that have not ended. */
export function childrenOf(processId: number): number[] {
  try {
    const list = readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8');
    return list.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
