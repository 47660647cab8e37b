/** The `media` engine: mediabunny and WebCodecs in a worker of their own. */

import { holdLife } from '../life.js';
import { serve } from '../rpc.js';
import { assemble } from './assemble.js';
import { capabilities } from './capabilities.js';
import { convert } from './convert.js';
import { locate } from './locate.js';
import { probe } from './probe.js';
import { verify } from './verify.js';

holdLife();
serve(self, { capabilities, probe, locate, convert, assemble, verify });
