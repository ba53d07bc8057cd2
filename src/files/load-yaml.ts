// The package that reads and writes YAML, loaded on first use: most commands read no such file.
import { createRequire } from 'node:module';

export const loadYaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');
