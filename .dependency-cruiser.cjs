/**
 * The direction of imports (ARCHITECTURE.md), as rules. `test/unit/scripts/import-rules.test.ts` plants a violation of each.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const nodeCore = { dependencyTypes: ['core'] };

/** Only `allowed` (regexps of paths) may be imported by `from`; npm packages and Node core are other rules' business. */
function onlyImports(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: '^(main|preload|renderer|native-models|test|scripts|bin)/', pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    onlyImports(
      'contract-is-alone',
      '^main/contract/',
      ['^main/contract/'],
      'The contract is what all others agree on.',
    ),
    {
      name: 'contract-takes-zod-only',
      comment: 'The contract runs in the app, in a preload script and in a browser.',
      severity: 'error',
      from: { path: '^main/contract/' },
      to: { pathNot: ['^main/contract/', '(^|/)node_modules/zod/'] },
    },
    onlyImports(
      'lib-is-alone',
      '^main/lib/',
      ['^main/lib/', '^main/contract/errors\\.ts$'],
      'Things with no domain in them.',
    ),
    onlyImports('domain-is-pure', '^main/domain/', ['^main/(domain|contract|lib)/'], 'No engine, no I/O, no port.'),
    onlyImports('ports-know-types-only', '^main/ports/', ['^main/(ports|contract|lib)/'], 'Interfaces.'),
    {
      name: 'no-node-core-in-pure-parts',
      comment: 'domain and ports run anywhere, on a fake clock.',
      severity: 'error',
      from: { path: '^main/(domain|ports|contract|lib)/' },
      to: nodeCore,
    },
    onlyImports(
      'pipeline-knows-ports',
      '^main/pipeline/',
      ['^main/(pipeline|domain|ports|contract|lib)/'],
      'Carries effects out over ports; which engine is behind one is none of its business.',
    ),
    onlyImports(
      'architectures-know-ports',
      '^main/(cascade|speech-to-speech)/',
      ['^main/(cascade|speech-to-speech|pipeline|domain|ports|contract|lib)/'],
      'A voice architecture is built from ports.',
    ),
    onlyImports(
      'tools-know-ports',
      '^main/tools/',
      ['^main/(tools|ports|contract|lib)/'],
      'The gate and its servers serve every architecture.',
    ),
    {
      name: 'engines-are-reached-through-children',
      comment: 'A native addon is never loaded in the app process: only the workers of the children import engines.',
      severity: 'error',
      from: { path: '^main/', pathNot: ['^main/engines/', '^main/children/entries/'] },
      to: { path: '^main/engines/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engines-do-not-know-each-other',
      comment: 'Parts that engines share stand beside their folders, directly in main/engines/.',
      severity: 'error',
      from: { path: '^main/engines/([^/]+)/' },
      to: { path: '^main/engines/[^/]+/', pathNot: ['^main/engines/$1/'] },
    },
    onlyImports(
      'engines-know-ports',
      '^main/engines/',
      ['^main/(engines|ports|contract|lib|domain)/', '^main/platform/models/'],
      'An engine adapts a library to a port, nothing else.',
    ),
    {
      name: 'native-addons-in-children-only',
      comment: 'One bad input aborts the whole process that has loaded them.',
      severity: 'error',
      from: { path: '^main/', pathNot: ['^main/engines/', '^main/audio/', '^main/children/entries/'] },
      to: {
        path: '(^|/)node_modules/(onnxruntime-node|node-llama-cpp|sherpa-onnx-node|@fugood/whisper\\.node|naudiodon|uiohook-napi)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'window-knows-the-contract-only',
      comment: 'What the window may know of the app is the contract.',
      severity: 'error',
      from: { path: '^(renderer|preload)/' },
      to: { path: '^main/', pathNot: ['^main/contract/'] },
    },
    {
      name: 'electron-in-its-shell-only',
      comment: 'Everything else runs without Electron.',
      severity: 'error',
      from: {
        pathNot: [
          '^main/electron-[^/]+\\.ts$',
          '^main/transport/electron-',
          '^main/children/utility-process-',
          '^preload/',
        ],
      },
      to: { path: '(^|/)node_modules/electron/|^electron$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'roots-are-imported-by-nobody',
      comment: 'Composition roots see everything, nobody sees them.',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/' },
      to: { path: '^main/(electron-main|node-main|cli)\\.ts$' },
    },
    {
      name: 'only-roots-see-the-app',
      comment: 'app.ts knows every part; only composition roots and commands build one.',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: ['^main/[^/]+\\.ts$', '^main/cli/'] },
      to: { path: '^main/app\\.ts$' },
    },
    {
      name: 'sources-never-import-tests',
      comment: 'Fakes are for tests.',
      severity: 'error',
      from: { path: '^(main|preload|renderer|scripts|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependency-in-the-app',
      comment: 'What the running app imports is installed with it. The renderer is bundled.',
      severity: 'error',
      from: { path: '^(main|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['(^|/)node_modules/electron/'] },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(out|test/fixtures)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    extraExtensionsToScan: ['.json'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json', '.svelte'],
    },
  },
};
