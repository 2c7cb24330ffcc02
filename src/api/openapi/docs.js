// Runs in the browser, after swagger-ui-bundle.js: shows the document of this host, and searches it.

/* global SwaggerUIBundle */

const box = document.getElementById('words');
const found = document.getElementById('found');

const dark = matchMedia('(prefers-color-scheme: dark)');
const setColours = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', setColours);
setColours();

/** Keeps the operations that have every word of the phrase. */
function searchOperations(taggedOperations, phrase) {
  const words = phrase.toLowerCase().split(/\s+/);
  const has = (operation) => {
    const text = textOf(operation);
    return words.every((word) => text.includes(word));
  };
  return taggedOperations
    .map((tag) => tag.update('operations', (operations) => operations.filter(has)))
    .filter((tag) => tag.get('operations').size > 0);
}

function textOf(operation) {
  const fields = ['operationId', 'summary', 'description'];
  const texts = fields.map((field) => operation.getIn(['operation', field]) ?? '');
  return [operation.get('method'), operation.get('path'), ...texts].join(' ').toLowerCase();
}

const search = () => ({
  fn: { opsFilter: searchOperations },
  // The box of the viewer searches the names of tags only; there is one server, this host.
  components: { FilterContainer: () => null, ServersContainer: () => null },
});

const ui = SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  layout: 'BaseLayout',
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [search],
  filter: true,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Nothing is sent elsewhere.
  validatorUrl: null,
});

function showFound() {
  const phrase = box.value.trim();
  ui.layoutActions.updateFilter(phrase === '' ? true : phrase);
  requestAnimationFrame(() => {
    const count = document.querySelectorAll('#docs .opblock').length;
    found.textContent = phrase === '' ? '' : `${count} found`;
  });
}

box.addEventListener('input', showFound);
document.getElementById('find').addEventListener('submit', (event) => event.preventDefault());
