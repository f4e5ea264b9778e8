import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ProcessUnit } from './hook-process.ts';

const TEMPLATES = {
  'templates/app.j2': `# {{ PORT|default('none') }}{{ MISSING }}
{% include 'parts/hosts.j2' %}
{% if PORT %}<on & off>
{% endif %}
`,
  'templates/parts/hosts.j2': `{% for host in HOSTS.split(',') -%}
server {{ loop.index }} {{ host }}
{% endfor %}`,
};

test('render_template fills a template with the environment, as Jinja does, and makes its folder', async () => {
  const unit = await ProcessUnit.create(TEMPLATES);
  const target = path.join(unit.charmDir, 'etc/app/app.conf');
  const render = (port: string): number | null =>
    spawnSync(path.join(unit.charmDir, 'bin/charms.reactive'), ['render_template', 'app.j2', target], {
      env: { PATH: '/usr/bin:/bin', CHARM_DIR: unit.charmDir, PORT: port, HOSTS: 'a,b' },
    }).status;
  expect(render('80')).toBe(0);
  expect(readFileSync(target, 'utf8')).toBe('# 80\nserver 1 a\nserver 2 b\n\n<on & off>\n');
  expect(statSync(target).mode & 0o777).toBe(0o444);
  expect(render('81')).toBe(0);
  expect(readFileSync(target, 'utf8')).toMatch(/^# 81\n/);
});

test('a template that is missing or wrong ends render_template with 1, and no file is made', async () => {
  const unit = await ProcessUnit.create({ 'templates/wrong.j2': '{% if %}' });
  for (const source of ['missing.j2', 'wrong.j2', '../metadata.yaml']) {
    const end = unit.command('render_template', source, path.join(unit.charmDir, 'out'));
    expect(end.status).toBe(1);
    expect(end.stderr).toContain(`cannot render the template "${source}"`);
  }
});
