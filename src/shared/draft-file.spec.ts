import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { withDraft } from './draft-file.js';

describe(withDraft.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'draft-'));
  const draft = join(folder, 'backup.part');
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no draft behind when the process gets %s, and passes it on',
    async (signal) => {
      const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
      const before = process.listenerCount(signal);
      await withDraft(draft, () => {
        writeFileSync(draft, 'half of it');
        process.emit(signal, signal);
        expect(existsSync(draft)).toBe(false);
        expect(kill).toHaveBeenCalledWith(process.pid, signal);
        expect(process.listenerCount(signal)).toBe(before);
        return Promise.resolve();
      });
    },
  );

  it('leaves none behind when the work fails, and listens to no signal any more', async () => {
    const before = process.listenerCount('SIGINT');
    const work = withDraft(draft, () => {
      writeFileSync(draft, 'half of it');
      return Promise.reject(new Error('no room'));
    });
    await expect(work).rejects.toThrow('no room');
    expect([existsSync(draft), process.listenerCount('SIGINT')]).toEqual([false, before]);
  });

  it('leaves what the work has made', async () => {
    await withDraft(draft, () => {
      writeFileSync(draft, 'all of it');
      return Promise.resolve();
    });
    expect(existsSync(draft)).toBe(true);
  });
});
