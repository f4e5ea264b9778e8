import { hook, Layer, when, whenNot } from 'charms-reactive';
import { RedisRequires } from 'charms-reactive/interfaces/redis/requires';

/** A charm of ordinary size: it reads config, uses redis and sets a status. */
export default class Web extends Layer {
  @whenNot('web.installed')
  install(): void {
    this.unit.status.maintenance('installing');
    this.unit.flags.set('web.installed');
  }

  @hook('upgrade-charm')
  upgrade(): void {
    this.unit.flags.clear('web.installed');
  }

  @when('web.installed')
  @whenNot('endpoint.redis.joined')
  missing(): void {
    this.unit.status.blocked('needs a relation to redis');
  }

  @when('web.installed', 'endpoint.redis.joined')
  @whenNot('endpoint.redis.available')
  waiting(): void {
    this.unit.status.waiting('redis is on its way');
  }

  @when('web.installed', 'endpoint.redis.available')
  serve(): void {
    const { config, kv, status } = this.unit;
    const servers = this.unit.endpoint('redis', RedisRequires).servers();
    const settings = { title: config.string('title'), port: config.number('port'), servers: servers.length };
    if (kv.get('web.settings') !== JSON.stringify(settings)) kv.set('web.settings', JSON.stringify(settings));
    status.active(`serving from ${servers.length} servers`);
  }
}
