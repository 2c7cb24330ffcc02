// Preloaded into a process and those that it forks: writes the path of each file that is loaded as a module to LOADED_FILES.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const list = process.env['LOADED_FILES'] ?? '';

registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(list, `${fileURLToPath(url)}\n`);
    return next(url, context);
  },
});
