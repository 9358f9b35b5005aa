#!/usr/bin/env node
import { run } from '../cli/program';

void run(process.argv.slice(2));
