import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { withDraft } from './draft-file.js';

describe(withDraft.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'draft-'));
  const path = join(folder, 'backup');
  const draft = `${path}.part`;
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(draft, { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no draft behind when the process gets %s, and passes it on',
    async (signal) => {
      const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
      const before = process.listenerCount(signal);
      await withDraft(path, () => {
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
    const work = withDraft(path, () => {
      writeFileSync(draft, 'half of it');
      return Promise.reject(new Error('no room'));
    });
    await expect(work).rejects.toThrow('no room');
    expect([existsSync(draft), process.listenerCount('SIGINT')]).toEqual([false, before]);
  });

  it('leaves what the work has made', async () => {
    await withDraft(path, () => {
      writeFileSync(draft, 'all of it');
      return Promise.resolve();
    });
    expect(existsSync(draft)).toBe(true);
  });

  it('takes the place of one whose process was killed', async () => {
    writeFileSync(draft, 'half of it', { mode: 0o644 });
    await withDraft(path, () => {
      expect([readFileSync(draft, 'utf8'), statSync(draft).mode & 0o777]).toEqual(['', 0o600]);
      return Promise.resolve();
    });
  });

  it('follows no link in its place', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'of another');
    symlinkSync(other, draft);
    const work = withDraft(path, () => Promise.resolve());
    await expect(work).rejects.toThrow(/backup cannot be written: ELOOP/);
    expect(readFileSync(other, 'utf8')).toBe('of another');
  });

  it('refuses while another has the draft, and leaves it', async () => {
    await withDraft(path, async () => {
      writeFileSync(draft, 'half of it');
      const second = withDraft(path, () => Promise.resolve());
      await expect(second).rejects.toThrow(/backup cannot be written: another process writes/);
      expect(readFileSync(draft, 'utf8')).toBe('half of it');
    });
  });

  it('makes a draft that its owner alone may read, or says why it cannot', async () => {
    await withDraft(path, (made) => {
      expect([made, statSync(made).mode & 0o777]).toEqual([draft, 0o600]);
      return Promise.resolve();
    });
    const nowhere = withDraft(join(folder, 'no', 'backup'), () => Promise.resolve());
    await expect(nowhere).rejects.toThrow(/no\/backup cannot be written: ENOENT/);
  });
});
