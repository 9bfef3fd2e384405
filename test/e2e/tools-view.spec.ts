import AxeBuilder from '@axe-core/playwright';
import type { ToolsState } from '../../main/contract/tools.ts';
import { expect, openTalkView, test } from './talk-view-fixture.ts';

const approval: ToolsState['approvals'][number] = {
  id: 'a1',
  tool: 'mail__send',
  server: 'mail',
  description: 'Sends a message.',
  arguments: '{\n  "to": "ann@example.com",\n  "text": "I am late."\n}',
  risk: 'changes',
  answers: ['once', 'session', 'always', 'deny'],
};

const tools: ToolsState = {
  servers: [
    {
      config: {
        name: 'mail',
        transport: 'stdio',
        command: 'npx',
        args: ['-y', 'some-mail-server'],
        env: {},
        secretEnv: [],
      },
      status: 'connected',
      problem: null,
      toolCount: 2,
    },
    {
      config: { name: 'weather', transport: 'http', url: 'https://weather.example.com/mcp', secretHeaders: ['X-Key'] },
      status: 'failed',
      problem: 'The server refuses the key. Check the secret headers.',
      toolCount: 0,
    },
  ],
  tools: [
    {
      name: 'calculate',
      server: null,
      description: 'Works out a sum exactly.',
      parameters: '{}',
      risk: 'reads',
      permission: 'always',
      changed: false,
    },
    {
      name: 'mail__send',
      server: 'mail',
      description: 'Sends a message.',
      parameters: '{\n  "type": "object"\n}',
      risk: 'unknown',
      permission: 'ask',
      changed: true,
    },
    {
      name: 'mail__wipe',
      server: 'mail',
      description: 'Removes all messages.',
      parameters: '{}',
      risk: 'destructive',
      permission: 'ask',
      changed: false,
    },
  ],
  approvals: [],
  modelCanCall: true,
};

const call = {
  id: 'c1',
  at: '2030-01-01T12:00:00.000Z',
  tool: 'mail__send',
  arguments: '{"to":"ann@example.com"}',
  decision: 'allowed-once',
  outcome: 'done',
  durationMs: 412,
  resultBytes: 120,
} as const;

test('a tool asks in the window, shows what it would do, and is answered by keyboard', async ({ page, app }) => {
  await openTalkView(page, app);
  app.send({ type: 'tools', tools: { ...tools, approvals: [approval] } });
  const card = page.getByRole('alertdialog', { name: 'May I use send from mail?' });
  await expect(card).toContainText('ann@example.com');
  await expect(card.getByRole('heading')).toBeFocused();
  // A key that was meant for something else does nothing.
  await page.keyboard.press('Enter');
  expect(app.commandsOf('answer-tool-approval')).toEqual([]);
  await expect(card.getByRole('button', { name: 'Allow once' })).toBeEnabled();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.screenshot({ path: 'test-results/e2e/tool-approval.png' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await app.when(() => app.commandsOf('answer-tool-approval').length > 0);
  expect(app.commandsOf('answer-tool-approval')).toEqual([
    { type: 'answer-tool-approval', approvalId: 'a1', answer: 'once' },
  ]);
  app.send({ type: 'tools', tools });
  await expect(card).toHaveCount(0);
});

test('tools, servers and calls are seen and changed', async ({ page, app }) => {
  await page.goto(`${app.url}#/tools`);
  await app.when(() => app.commandsOf('find-tool-calls').length > 0);
  app.send({ type: 'tools', tools });
  app.send({ type: 'tool-calls', search: '', calls: [call] });
  await expect(page.getByText('The server refuses the key')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Permission of wipe' }).getByRole('option')).toHaveText([
    'Ask each time',
    'Never',
  ]);
  await expect(page.getByText('allowed once')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.screenshot({ path: 'test-results/e2e/tools-view.png', fullPage: true });

  await page.getByRole('combobox', { name: 'What send can do' }).selectOption('Only reads');
  await page.getByRole('button', { name: 'Test the connection to weather' }).click();
  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('files');
  await page.getByLabel('Command').fill('npx -y files "/my documents"');
  await page.getByLabel('Secret variables (names)').fill('API_KEY');
  await expect(page.getByText('PARLEY_MCP_FILES_API_KEY')).toBeVisible();
  await page.screenshot({ path: 'test-results/e2e/tools-form.png' });
  await page.getByRole('button', { name: 'Add and connect' }).click();
  await page.getByRole('button', { name: 'Forget all' }).click();
  await app.when(() => app.commandsOf('forget-tool-calls').length > 0);
  expect(app.commandsOf('set-tool-risk')).toEqual([{ type: 'set-tool-risk', tool: 'mail__send', risk: 'reads' }]);
  expect(app.commandsOf('test-mcp-server')).toEqual([{ type: 'test-mcp-server', name: 'weather' }]);
  const args = ['-y', 'files', '/my documents'];
  const server = { name: 'files', transport: 'stdio', command: 'npx', args, env: {}, secretEnv: ['API_KEY'] };
  expect(app.commandsOf('put-mcp-server')).toEqual([{ type: 'put-mcp-server', server }]);
});
