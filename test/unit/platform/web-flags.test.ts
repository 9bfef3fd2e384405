import { describe, expect, it } from 'vitest';
import { parseDesktopFlags, parseWebFlags } from '../../../main/platform/web-flags.ts';

describe('parseWebFlags', () => {
  it('opens a window with what the settings say by default', () => {
    expect(parseWebFlags([])).toEqual({ open: true, help: false });
  });

  it('reads every flag', () => {
    expect(parseWebFlags(['--no-open', '--port', '0', '--audio=browser', '--data-dir', '/d'])).toEqual({
      open: false,
      port: 0,
      audio: 'browser',
      dataDir: '/d',
      help: false,
    });
  });

  it.each([
    [['--port', 'abc'], '--port'],
    [['--port', '70000'], '--port'],
    [['--port='], '--port'],
    [['--audio', 'tape'], '--audio'],
    [['--data-dir='], '--data-dir'],
    [['--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
  ])('says what is wrong with %j', (args, named) => {
    expect(parseWebFlags(args)).toEqual({ mistake: expect.stringContaining(named) });
  });
});

describe('parseDesktopFlags', () => {
  it('takes its own out of what Electron and Chromium are given', () => {
    const args = ['.', '--no-sandbox', '--data-dir', '/d', '--remote-debugging-port=0', '--audio=none', '--port', '1'];
    expect(parseDesktopFlags(args)).toEqual({ audio: 'none', dataDir: '/d' });
    expect(parseDesktopFlags(['--audio', 'tape', '--data-dir'])).toEqual({ audio: undefined, dataDir: undefined });
  });
});
