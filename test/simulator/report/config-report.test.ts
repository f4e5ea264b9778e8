import { describe, expect, it } from 'vitest';
import { parseActions } from '../../../src/metadata/actions.ts';
import {
  describeNoActions,
  formatActions,
  reportActionSchemas,
  reportActions,
} from '../../../src/simulator/report/action-list.ts';
import { formatConfigValue, reportConfig } from '../../../src/simulator/report/config-report.ts';
import { formatYaml } from '../../../src/simulator/report/structured-text.ts';
import { applicationOf, richModel } from './rich-model.ts';

describe('reportConfig', () => {
  it('tells of each option what it is, and where it comes from', () => {
    const web = applicationOf(richModel(), 'web');
    expect(`\n${formatYaml(reportConfig(web))}`).toMatchInlineSnapshot(`
      "
      application: web
      application-config:
        trust:
          default: false
          description: Does this application have access to trusted credentials
          source: default
          type: bool
          value: false
      charm: web
      settings:
        port:
          description: ""
          source: unset
          type: int
        title:
          default: Hello
          description: What it says.
          source: default
          type: string
          value: Hello
      "
    `);
  });

  it('takes a value that is set to the default for the default', () => {
    const web = applicationOf(richModel(), 'web');
    web.config = { title: 'Hello', port: 1_000_000 };
    web.trust = true;
    const report = reportConfig(web);
    expect(report.settings.title).toMatchObject({ source: 'default', value: 'Hello' });
    expect(report.settings.port).toEqual({
      description: '',
      source: 'user',
      type: 'int',
      value: 1_000_000,
    });
    expect(report['application-config'].trust).toMatchObject({ source: 'user', value: true });
  });
});

describe('formatConfigValue', () => {
  it('prints the value alone', () => {
    const web = applicationOf(richModel(), 'web');
    expect(formatConfigValue(web, 'title')).toBe('Hello\n');
    expect(formatConfigValue(web, 'port')).toBe('\n');
    expect(formatConfigValue(web, 'trust')).toBe('false\n');
    web.config = { port: 1_000_000 };
    expect(formatConfigValue(web, 'port')).toBe('1e+06\n');
  });

  it('refuses an option that there is not', () => {
    const web = applicationOf(richModel(), 'web');
    expect(() => formatConfigValue(web, 'toString')).toThrow(
      'key "toString" not found in "web" application config or charm settings.',
    );
  });
});

describe('formatActions', () => {
  const web = applicationOf(richModel(), 'web');
  web.charm = {
    ...web.charm,
    actions: parseActions(
      'restore: {}\nbackup:\n  description: "Saves.\\nAll of it."\n  params: {path: {type: string}}\n',
      'f',
    ),
  };

  it('lists actions with what they do', () => {
    expect(formatActions(web)).toBe(
      'Action   Description\nbackup   Saves.\n         All of it.\nrestore  No description\n',
    );
    expect(reportActions(web)).toEqual({ backup: 'Saves.\nAll of it.', restore: 'No description' });
    expect(reportActionSchemas(web).backup).toMatchObject({ properties: { path: { type: 'string' } } });
  });

  it('says of a charm without any that it has none', () => {
    const redis = applicationOf(richModel(), 'redis');
    expect(formatActions(redis)).toBe('');
    expect(describeNoActions(redis)).toBe('No actions defined for redis.');
  });
});
