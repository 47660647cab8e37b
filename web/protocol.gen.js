// Written by build.py from pyapp/clipwright/messages.py; change that, then run `python3 build.py build`.

/** Raised whenever an old page could misread a new worker. */
export const PROTOCOL = 1;

/** Everything the page may ask. */
export const OPS = Object.freeze(/** @type {const} */ ([
    'open',
    'attach',
    'parse_time',
    'plan',
    'clip',
    'plan_cut',
    'cut',
    'segments',
    'read_segments',
    'effects',
    'apply',
    'read_project',
    'plan_render',
    'render',
    'close',
]));

/** Every code an error reply may carry. */
export const ERROR_CODES = Object.freeze(/** @type {const} */ ([
    'internal',
    'bad_request',
    'media',
    'unsupported_format',
    'corrupt_media',
    'capability',
    'resource',
    'engine',
    'cancelled',
]));

/** @typedef {'ffmpeg' | 'media' | 'native'} Reader */

/** @typedef {'ass' | 'flac' | 'm4a' | 'mkv' | 'mov' | 'mp3' | 'mp4' | 'ogg' | 'srt' | 'vtt' | 'wav' | 'webm'} Container */

/** @typedef {'exact' | 'lossless' | 'smart'} Method */

/** @typedef {'chapters_dropped' | 'container_changed' | 'depth_reduced' | 'end_clamped' | 'frames_reencoded' | 'hdr_lost' | 'in_point_moved' | 'lead_in_hidden' | 'lead_in_visible' | 'not_smart' | 'pixels_squared' | 'replanned' | 'segments_merged' | 'silent' | 'slow_engine' | 'smart_cut' | 'sources_differ' | 'starts_on_key_frame' | 'subtitles_dropped' | 'track_dropped' | 'track_reencoded' | 'verification_failed'} NoteCode */

/** @typedef {'auto' | 'exact' | 'lossless' | 'smart'} Mode */

/** @typedef {'audio' | 'both' | 'video'} EffectKind */

/** @typedef {'color' | 'detail' | 'distortion' | 'fade' | 'frame' | 'sound' | 'text' | 'time' | 'transition' | 'transparency'} EffectCategory */

/**
 * An open source: what it is, who could read it, and which of its tracks that browser can decode.
 *
 * `decodable` lists track indices that the `media` engine (WebCodecs) can decode; FFmpeg's engines
 * decode whatever they can read.
 * @typedef {object} Media
 * @property {Source} source
 * @property {MediaInfo} info
 * @property {Reader} reader
 * @property {Array<number>} decodable
 */

/**
 * Bytes in: an opaque id, the name a person knows it by, and its size in bytes.
 * @typedef {object} Source
 * @property {string} id
 * @property {string} name
 * @property {number} size
 */

/**
 * What a file is.
 *
 * `container` is one of `mp4 mov m4a mkv webm mpegts avi mp3 ogg wav flac` or FFmpeg's own name.
 * `start_us` is the earliest presentation time in the file. `origin_us` is the presentation time that
 * a person calls 0:00; every Span counts from there. They differ only where a file's clock starts late
 * (MPEG-TS) or early (audio priming). `duration_us` runs from the origin to the end of the last track. A `still` is a
 * single picture and lasts 0.
 * @typedef {object} MediaInfo
 * @property {string} container
 * @property {number} duration_us
 * @property {number} start_us
 * @property {number} origin_us
 * @property {number | null} bitrate
 * @property {Record<string, string>} tags
 * @property {Array<Chapter>} chapters
 * @property {Array<VideoTrack | AudioTrack | SubtitleTrack | DataTrack>} tracks
 * @property {boolean} still
 */

/**
 * A named Span of the source.
 * @typedef {object} Chapter
 * @property {number} start_us
 * @property {number} end_us
 * @property {string | null} title
 */

/**
 * Pictures. `width` and `height` are as stored, before rotation and pixel aspect.
 *
 * `rotation` is the clockwise turn for display, in degrees: 0, 90, 180 or 270. `frame_rate` is the
 * constant rate, or the average one where `vfr` is true; None when unknown. With `alpha` pictures say what shows
 * through them.
 * @typedef {object} VideoTrack
 * @property {'video'} kind
 * @property {number} index
 * @property {string} codec
 * @property {string | null} codec_string
 * @property {string} time_base
 * @property {number} start_us
 * @property {number | null} duration_us
 * @property {string | null} language
 * @property {string | null} title
 * @property {Array<string>} disposition
 * @property {number | null} bitrate
 * @property {number} width
 * @property {number} height
 * @property {number} rotation
 * @property {string} pixel_aspect
 * @property {string | null} frame_rate
 * @property {boolean} vfr
 * @property {number | null} bit_depth
 * @property {boolean} alpha
 * @property {Color} color
 */

/**
 * Colour description by FFmpeg's names (`bt709`, `smpte2084`); None where the file is silent.
 * @typedef {object} Color
 * @property {string | null} primaries
 * @property {string | null} transfer
 * @property {string | null} matrix
 * @property {boolean | null} full_range
 */

/**
 * Sound. `sample_rate` in hertz.
 * @typedef {object} AudioTrack
 * @property {'audio'} kind
 * @property {number} index
 * @property {string} codec
 * @property {string | null} codec_string
 * @property {string} time_base
 * @property {number} start_us
 * @property {number | null} duration_us
 * @property {string | null} language
 * @property {string | null} title
 * @property {Array<string>} disposition
 * @property {number | null} bitrate
 * @property {number} channels
 * @property {number} sample_rate
 * @property {number | null} bit_depth
 */

/**
 * Timed text or timed pictures of text.
 * @typedef {object} SubtitleTrack
 * @property {'subtitle'} kind
 * @property {number} index
 * @property {string} codec
 * @property {string | null} codec_string
 * @property {string} time_base
 * @property {number} start_us
 * @property {number | null} duration_us
 * @property {string | null} language
 * @property {string | null} title
 * @property {Array<string>} disposition
 * @property {number | null} bitrate
 */

/**
 * Anything else: timecode, chapter text, attachments, cover pictures.
 * @typedef {object} DataTrack
 * @property {'data'} kind
 * @property {number} index
 * @property {string} codec
 * @property {string | null} codec_string
 * @property {string} time_base
 * @property {number} start_us
 * @property {number | null} duration_us
 * @property {string | null} language
 * @property {string | null} title
 * @property {Array<string>} disposition
 * @property {number | null} bitrate
 */

/**
 * A time in every form a person may want back; `timecode` only where a frame rate was given.
 * @typedef {object} TimeReading
 * @property {number} us
 * @property {string} hms
 * @property {string} ms
 * @property {string} human
 * @property {string} iso
 * @property {string} stamp
 * @property {string | null} timecode
 * @property {number | null} frame
 */

/**
 * What will be done, decided before anything is written.
 *
 * `request_span` is what was asked for and `span` what will be presented, both on the person's clock.
 * `lead_in_us` is how much before the in point must be kept because copying starts on a key frame;
 * `lead_in_hidden` says whether players skip it. `name` is the suggested file name. `output` is the id
 * under which the last step leaves the result. `estimated_bytes` is the predicted size of the result and
 * `estimated_s` how long making it takes, in seconds, roughly. `others` are further sources that are read.
 * With several segments of one file, `request_span` and `span` run from the first's start to the last's end.
 * `checks` are made when the steps are done.
 * @typedef {object} Plan
 * @property {Source} source
 * @property {Array<Source>} others
 * @property {Reader} engine
 * @property {Method} mode
 * @property {Container} container
 * @property {Span} request_span
 * @property {Span} span
 * @property {number} lead_in_us
 * @property {boolean} lead_in_hidden
 * @property {Array<SegmentPlan>} segments
 * @property {string} name
 * @property {string} output
 * @property {number} estimated_bytes
 * @property {number} estimated_s
 * @property {Array<TrackPlan>} tracks
 * @property {Array<Note>} notes
 * @property {Array<Convert | RunFfmpeg | Assemble>} steps
 * @property {Array<Check>} checks
 */

/**
 * Half-open interval `[start, end)` in microseconds.
 * @typedef {object} Span
 * @property {number} start
 * @property {number} end
 */

/**
 * What becomes of one segment.
 *
 * `source` is the id of its file. `request_span` is what was asked for and `span` what is presented, both
 * on that file's clock; `at` is where it starts in the result. `copied_us` and `encoded_us` share out the picture (the
 * sound, where there is none), the bytes are predicted sizes. `why` tells why it is not smart, if it is not.
 * @typedef {object} SegmentPlan
 * @property {string} source
 * @property {string | null} label
 * @property {Span} request_span
 * @property {Span} span
 * @property {number} at
 * @property {Method} mode
 * @property {number} lead_in_us
 * @property {boolean} lead_in_hidden
 * @property {number} copied_us
 * @property {number} encoded_us
 * @property {number} encoded_frames
 * @property {number} copied_bytes
 * @property {number} encoded_bytes
 * @property {string} why
 */

/**
 * What becomes of one source track.
 *
 * `codec` is the one in the result (FFmpeg's name), `source` the number of its file: 0 is the plan's `source`,
 * then come `others`. `smart` copies all but the edges.
 * @typedef {object} TrackPlan
 * @property {number} index
 * @property {'audio' | 'data' | 'subtitle' | 'video'} kind
 * @property {'copy' | 'drop' | 'encode' | 'smart'} action
 * @property {string} codec
 * @property {number} source
 */

/**
 * One thing a person should know before the work starts; `text` is a whole sentence.
 * @typedef {object} Note
 * @property {NoteCode} code
 * @property {string} text
 * @property {'info' | 'warning'} level
 * @property {number | null} track
 * @property {number | null} us
 */

/**
 * Encode with WebCodecs and mediabunny.
 *
 * `span` is in the file's own presentation time (the origin is already added). `output` is the id the result is kept
 * under. `may_end`: the tracks may end before the span does, as others tell whether the file breaks off.
 * @typedef {object} Convert
 * @property {'convert'} do
 * @property {string} source
 * @property {string} output
 * @property {Container} container
 * @property {Span} span
 * @property {Array<ConvertTrack>} tracks
 * @property {boolean} may_end
 * @property {number} weight
 */

/**
 * One track of a Convert step; tracks that are not listed are dropped.
 *
 * `codec` is mediabunny's name (`avc`, `aac`), `bitrate` in bits per second.
 * Where they are given, pictures are fitted into `width` x `height`, in stored pixels, with black bars, and
 * sound gets `sample_rate` (hertz) and `channels`.
 * `edge` asks for pictures that will stand beside copied ones: hardly to be told from the source's, decoded in the
 * order in which they are shown, in the source's own size and depth or not at all; `bitrate` is then the least.
 * @typedef {object} ConvertTrack
 * @property {number} index
 * @property {string} codec
 * @property {number | null} bitrate
 * @property {number | null} width
 * @property {number | null} height
 * @property {number | null} sample_rate
 * @property {number | null} channels
 * @property {boolean} edge
 */

/**
 * Run ffmpeg with an argv list (program name not included).
 *
 * Every element of `argv` that equals a mount's `name` stands for that file. `duration_us` is the length
 * of the expected output, for progress. `assets` lie in the folder that it runs in, under their names: fonts, tables
 * of colours; so do `texts`, which it may read as inputs: subtitles, chapters. `numbered`: the output's name stands
 * for as many files as there are pictures, `%06d` in it for their number, and all of them are put into one ZIP.
 * `presented_us` is where the edit lists of the result stop: copied packets of later pictures and texts stay hidden
 * behind it. None leaves them as FFmpeg wrote them.
 * `pixels` is how many the largest picture has that is decoded or encoded, 0 where hardly any is encoded.
 * @typedef {object} RunFfmpeg
 * @property {'ffmpeg'} do
 * @property {Array<Mount>} inputs
 * @property {Mount} output
 * @property {Array<string>} argv
 * @property {number} duration_us
 * @property {Array<Mount>} assets
 * @property {Array<TextFile>} texts
 * @property {boolean} numbered
 * @property {number | null} presented_us
 * @property {number} pixels
 * @property {number} weight
 */

/**
 * A file under the name that the argv uses for it.
 * @typedef {object} Mount
 * @property {string} id
 * @property {string} name
 */

/**
 * A short file that the plan itself holds, under the name that the argv uses for it, as UTF-8.
 * @typedef {object} TextFile
 * @property {string} name
 * @property {string} text
 */

/**
 * Put packets of several files together, none of them encoded again.
 *
 * A picture track's first piece may need a lead-in before its first frame, and its last piece later pictures
 * that others refer to: an edit list hides both where the container has one. Every other piece starts on
 * a clean frame and ends where nothing later is needed. Sound is taken packet by packet: at a joint
 * a packet goes where its middle lies; the first piece brings its priming. `duration_us` is the result's length.
 * @typedef {object} Assemble
 * @property {'assemble'} do
 * @property {string} output
 * @property {Container} container
 * @property {Array<AssembleTrack>} tracks
 * @property {number} duration_us
 * @property {Metadata} metadata
 * @property {boolean} shift_lead_in
 * @property {number} weight
 */

/**
 * One track of an Assemble step: its pieces follow each other without overlap.
 *
 * It is described as the track is that its first piece from an open file comes from; `language`, `title`,
 * `disposition` and `rotation` (degrees clockwise) replace what that says, None keeps it.
 * @typedef {object} AssembleTrack
 * @property {'audio' | 'subtitle' | 'video'} kind
 * @property {Array<Piece>} pieces
 * @property {string | null} language
 * @property {string | null} title
 * @property {Array<string> | null} disposition
 * @property {number | null} rotation
 */

/**
 * Packets of one track of `source` (an open file, or a part that an earlier step made), copied.
 *
 * What is presented in `span`, in that file's own presentation time, belongs to the piece; `at` is where
 * the span's start lies in the result, in microseconds.
 * @typedef {object} Piece
 * @property {string} source
 * @property {number} track
 * @property {Span} span
 * @property {number} at
 */

/**
 * What the result says of itself.
 *
 * `tags` None keeps those of the first source; `chapters` are on the result's clock.
 * @typedef {object} Metadata
 * @property {Record<string, string> | null} tags
 * @property {Array<Chapter>} chapters
 */

/**
 * Frames to compare after the work.
 *
 * Those that track `track` of `source` presents in `span`, in its own time, must be shown by track
 * `result_track` of the result from `at` on, and no others there.
 * @typedef {object} Check
 * @property {string} source
 * @property {number} track
 * @property {Span} span
 * @property {number} result_track
 * @property {number} at
 */

/**
 * A finished clip: the id of its bytes and what was done.
 * @typedef {object} ClipResult
 * @property {string} output
 * @property {Report} report
 */

/**
 * What was done.
 *
 * `copied`, `encoded` and `dropped` list source track indices. `size` is in bytes, `elapsed_ms` the time
 * the engine took. `verified` is what the checks found, None where none were made. `replanned_from` names
 * the engine that was tried first and could not, if any.
 * @typedef {object} Report
 * @property {Reader} engine
 * @property {Method} mode
 * @property {Container} container
 * @property {string} name
 * @property {number} size
 * @property {Span} request_span
 * @property {Span} span
 * @property {number} lead_in_us
 * @property {boolean} lead_in_hidden
 * @property {Array<SegmentPlan>} segments
 * @property {Verified | null} verified
 * @property {Array<number>} copied
 * @property {Array<number>} encoded
 * @property {Array<number>} dropped
 * @property {Array<Note>} notes
 * @property {number} elapsed_ms
 * @property {Reader | null} replanned_from
 */

/**
 * What the checks found.
 *
 * `joints` were looked at and `frames` compared. `worst_psnr_db` is the least similar picture's (100 for
 * identical ones, None where nothing could be decoded here), `worst_shift_us` the largest difference in time.
 * `detail` says what is wrong where `ok` is false, and what could not be looked at.
 * @typedef {object} Verified
 * @property {boolean} ok
 * @property {number} joints
 * @property {number} frames
 * @property {number | null} worst_psnr_db
 * @property {number} worst_shift_us
 * @property {string} detail
 */

/**
 * What several segments come to: one Plan for each result, and what is to be said of all of them.
 * @typedef {object} CutPlan
 * @property {Array<Plan>} plans
 * @property {Array<Note>} notes
 */

/**
 * Finished results, in order.
 * @typedef {object} CutResult
 * @property {Array<ClipResult>} results
 * @property {Array<Note>} notes
 */

/**
 * A list of segments.
 * @typedef {object} Segments
 * @property {Array<Segment>} segments
 */

/**
 * Half-open interval `[start_us, end_us)` with an optional name.
 * @typedef {object} Segment
 * @property {number} start_us
 * @property {number} end_us
 * @property {string | null} label
 */

/**
 * A whole project.
 * @typedef {object} Document
 * @property {2} schema_version
 * @property {string} name
 * @property {Array<Footage>} sources
 * @property {Array<Track>} tracks
 * @property {Array<Effect>} effects
 * @property {Array<Marker>} markers
 * @property {Array<Group>} groups
 * @property {Output} output
 */

/**
 * A file that clips show, and what it has. `duration_us` None is a still, to be shown as long as anybody likes.
 *
 * `media` is the id by which the file is known where it is opened; it may differ each time.
 * @typedef {object} Footage
 * @property {string} id
 * @property {string} name
 * @property {string} media
 * @property {number | null} duration_us
 * @property {boolean} picture
 * @property {boolean} sound
 */

/**
 * Clips in order of time, none over another but where a transition says so.
 *
 * `volume` multiplies that of the clips; a `muted` track is not heard, a `hidden` one not seen. `effects` are done to
 * its sound as a whole, after its volume; their limits are times of the project. `ducking` comes last. A
 * subtitle track is drawn into the picture, or becomes a track of the result if it is `soft`, called by its name. Then
 * players choose how texts look, so that nothing counts but words and times; in mkv the styles of ASS stay.
 * @typedef {object} Track
 * @property {string} id
 * @property {'audio' | 'subtitle' | 'text' | 'video'} kind
 * @property {string} name
 * @property {Array<Clip>} clips
 * @property {Array<Transition>} transitions
 * @property {Array<Effect>} effects
 * @property {Ducking | null} ducking
 * @property {number} volume
 * @property {boolean} muted
 * @property {boolean} hidden
 * @property {Soft | null} soft
 */

/**
 * `[source_start_us, source_end_us)` of a source, shown from `start_us` to `end_us` of the project.
 *
 * The two spans differ by `speed`, to within a microsecond of either: at `"2"` two seconds of source are one of the
 * project. A clip without a source says `text`, in a `style` that is to it what `params` are to an effect. Texts and
 * stills have no clock: their source span is empty, their speed 1.
 * `volume` is linear, 0 to 10, 1 for as it is.
 * @typedef {object} Clip
 * @property {string} id
 * @property {number} start_us
 * @property {number} end_us
 * @property {string | null} source
 * @property {number} source_start_us
 * @property {number} source_end_us
 * @property {string} speed
 * @property {string | null} text
 * @property {Record<string, any>} style
 * @property {number} volume
 * @property {Transform} transform
 * @property {Array<Effect>} effects
 * @property {string} label
 */

/**
 * Where a picture stands in the frame, and how.
 *
 * `rotation` is in degrees clockwise, -360 to 360; `opacity` is 0 to 1.
 * @typedef {object} Transform
 * @property {Cell} cell
 * @property {Crop} crop
 * @property {number} rotation
 * @property {number} opacity
 * @property {boolean} flip_x
 * @property {boolean} flip_y
 */

/**
 * A part of the frame, from 0 to 1, and how a picture stands in it.
 * @typedef {object} Cell
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {'fill' | 'fit' | 'stretch'} fit
 * @property {'center' | 'left' | 'right'} align_x
 * @property {'bottom' | 'center' | 'top'} align_y
 * @property {Slant | null} slant
 */

/**
 * A slanting left edge: where it meets the top and the bottom of the frame, in widths of the frame.
 *
 * What lies left of it shows the cells below.
 * @typedef {object} Slant
 * @property {number} top
 * @property {number} bottom
 */

/**
 * What is cut off at each side before anything else, in parts of the picture's width and height, 0 to below 1.
 * @typedef {object} Crop
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 */

/**
 * What is done to a picture or a sound: the effect's name and its parameters.
 *
 * `start_us` and `end_us` limit it to a part of the clip, or of the project where the effect is one of the whole,
 * counted from where that starts; None is its edge.
 * @typedef {object} Effect
 * @property {string} name
 * @property {Record<string, any>} params
 * @property {number | null} start_us
 * @property {number | null} end_us
 * @property {boolean} enabled
 */

/**
 * How clip `before` becomes clip `after`, the next one of the track.
 *
 * The second starts `duration_us` before the first ends.
 * @typedef {object} Transition
 * @property {string} before
 * @property {string} after
 * @property {string} name
 * @property {number} duration_us
 * @property {Record<string, any>} params
 */

/**
 * A sound gets quieter while one of the tracks `voices` (their ids) is heard, as the effect `duck` says it.
 *
 * `params` are those of that effect. What counts is the voices' sound with its effects, before any ducking of its own.
 * @typedef {object} Ducking
 * @property {Array<string>} voices
 * @property {Record<string, any>} params
 */

/**
 * Subtitles that can be switched on and off: a track of their own in the result.
 *
 * `language` is an ISO 639 code or a BCP 47 tag (`de`, `deu`, `pt-BR`), empty where it is not known. A `default`
 * one is shown unless somebody chooses otherwise.
 * @typedef {object} Soft
 * @property {string} language
 * @property {boolean} default
 */

/**
 * A moment with a name.
 * @typedef {object} Marker
 * @property {string} id
 * @property {number} time_us
 * @property {string} name
 */

/**
 * Clips, and other groups, that are moved as one; each belongs to one group at most, and none to itself.
 * @typedef {object} Group
 * @property {string} id
 * @property {Array<string>} members
 */

/**
 * The frame and the sound that come of it. `background` is `#rrggbb`; `channels` is 1, 2, 6 or 8.
 * @typedef {object} Output
 * @property {number} width
 * @property {number} height
 * @property {string} frame_rate
 * @property {number} sample_rate
 * @property {number} channels
 * @property {string} background
 */

/**
 * What will be done for a project, decided before anything is written.
 *
 * `method` is `composed` where everything is drawn and encoded anew, otherwise that of the cut which the project
 * comes to. `format` is what is written, `width` and `height` are its pixels (0 for sound alone), `frame_rate` its
 * pictures per second, `duration_us` its length. What comes out larger than `most_bytes` is not kept. Otherwise as in
 * `Plan`; nothing is compared afterwards.
 * @typedef {object} Rendering
 * @property {Array<Source>} sources
 * @property {Reader} engine
 * @property {'composed' | Method} method
 * @property {string} format
 * @property {string} name
 * @property {string} output
 * @property {number} width
 * @property {number} height
 * @property {string} frame_rate
 * @property {number} duration_us
 * @property {number} estimated_bytes
 * @property {number | null} most_bytes
 * @property {Array<Note>} notes
 * @property {Array<Convert | RunFfmpeg | Assemble>} steps
 * @property {Array<Check>} checks
 */

/**
 * A finished project: the id of its bytes and what was done.
 * @typedef {object} RenderResult
 * @property {string} output
 * @property {RenderReport} report
 */

/**
 * What was rendered.
 *
 * `method` is `composed` where everything was drawn and encoded anew, otherwise that of the cut which the project
 * came to. `size` is in bytes, `width` and `height` in pixels (0 for sound alone).
 * @typedef {object} RenderReport
 * @property {Reader} engine
 * @property {'composed' | Method} method
 * @property {string} format
 * @property {string} name
 * @property {number} size
 * @property {number} width
 * @property {number} height
 * @property {string} frame_rate
 * @property {number} duration_us
 * @property {Array<Note>} notes
 * @property {number} elapsed_ms
 */

/**
 * All effects and transitions, and what the style of a clip that says a text may hold, as a JSON Schema.
 * @typedef {object} EffectsInfo
 * @property {1} schema_version
 * @property {Array<EffectInfo>} effects
 * @property {Array<EffectInfo>} transitions
 * @property {Record<string, any>} text_style
 */

/**
 * An effect or a transition; while the pictures of a transition pass into each other, so do the sounds.
 *
 * `kind`: the streams that it changes. `arity`: how many streams it takes, on the pads `inputs`. `changes_time`: what
 * comes of it lasts otherwise, or shows at other times. `limitable`: `start_us` and `end_us` may limit it to a part
 * of the time. `alpha`: what is behind the picture may show. `resizes`: the picture may get another size.
 * `parameters` is a JSON Schema whose properties have `description`, `default`, `minimum`, `maximum` and `unit`.
 * `example` is what stands in a project's document.
 * @typedef {object} EffectInfo
 * @property {string} name
 * @property {string} summary
 * @property {EffectCategory} category
 * @property {EffectKind} kind
 * @property {number} arity
 * @property {Array<string>} inputs
 * @property {boolean} changes_time
 * @property {boolean} limitable
 * @property {boolean} alpha
 * @property {boolean} resizes
 * @property {Record<string, any>} parameters
 * @property {Record<string, any>} example
 */

/**
 * The worker's first, unsolicited message; `timings` in milliseconds since the worker started.
 * @typedef {object} Ready
 * @property {number} protocol
 * @property {string} version
 * @property {Capabilities} capabilities
 * @property {Record<string, number>} timings
 */

/**
 * What this machine can do; constant while it runs.
 *
 * `engines` stand in order of preference. `encode` lists, per engine, the codecs it can encode, by
 * FFmpeg's names; an engine that is missing there encodes nothing. `isolated` tells
 * whether the page is cross-origin isolated, which only adds speed. `numpy` tells whether Python can have numpy:
 * in the page, whether the site was built with it. What needs it answers with CapabilityError where it is missing.
 * @typedef {object} Capabilities
 * @property {Array<Reader>} engines
 * @property {Record<string, Array<string>>} encode
 * @property {boolean} isolated
 * @property {boolean} numpy
 */

/**
 * How far a running Plan is: `done` from 0 to 1, never falling; `eta_s` None while unknown.
 * @typedef {object} Progress
 * @property {number} done
 * @property {string} stage
 * @property {number | null} eta_s
 */

/**
 * A result is there and will be compared with its source now; slot `file` out.
 *
 * Where the comparison fails, another one is made, and the reply carries that.
 * @typedef {object} Made
 * @property {string} output
 * @property {string} name
 * @property {number} size
 */

/**
 * Look into a file. Slot `file` in; replies Media. A single picture is refused unless `stills` are wanted.
 * @typedef {object} Open
 * @property {'open'} op
 * @property {Source} source
 * @property {'auto' | Reader} [reader]
 * @property {boolean} [stills]
 */

/**
 * Keep a file that is no media, for projects: a table of colours, subtitles. Slot `file` in; replies Source.
 * @typedef {object} Attach
 * @property {'attach'} op
 * @property {Source} source
 */

/**
 * Read a time that a person wrote; replies TimeReading.
 * @typedef {object} ParseTime
 * @property {'parse_time'} op
 * @property {string | number} text
 * @property {string | null} [frame_rate]
 * @property {number | null} [duration_us]
 */

/**
 * Decide and show, without doing; replies Plan.
 * @typedef {object} PlanClip
 * @property {'plan'} op
 * @property {Media} media
 * @property {ClipRequest} [request]
 */

/**
 * One clip: what to keep and how to write it.
 *
 * Give `end` or `duration`, or neither for "to the end".
 * @typedef {object} ClipRequest
 * @property {Mode} [mode]
 * @property {Container | null} [container]
 * @property {boolean} [allow_lead_in]
 * @property {'auto' | Reader} [engine]
 * @property {string | null} [name]
 * @property {boolean} [verify]
 * @property {Array<TrackRequest> | null} [tracks]
 * @property {Record<string, string | null>} [tags]
 * @property {Array<ChapterRequest> | null} [chapters]
 * @property {Array<Chapter> | null} [result_chapters]
 * @property {string | number} [start]
 * @property {string | number | null} [end]
 * @property {string | number | null} [duration]
 */

/**
 * A track to keep: number `track` of media number `source`, and what it is to be called, None for as it is.
 *
 * `rotation` is in degrees clockwise: 0, 90, 180 or 270. `disposition` lists FFmpeg's flag names.
 * @typedef {object} TrackRequest
 * @property {number} track
 * @property {number} [source]
 * @property {string | null} [language]
 * @property {string | null} [title]
 * @property {Array<string> | null} [disposition]
 * @property {number | null} [rotation]
 */

/**
 * A chapter that starts at `start` on the first source's clock and lasts until the next one.
 * @typedef {object} ChapterRequest
 * @property {string | number} start
 * @property {string} title
 */

/**
 * Plan and do; replies ClipResult with the slot `file` out. One at a time: a second is refused.
 * @typedef {object} RunClip
 * @property {'clip'} op
 * @property {Media} media
 * @property {ClipRequest} [request]
 */

/**
 * Decide and show what several segments come to, without doing; replies CutPlan.
 * @typedef {object} PlanCut
 * @property {'plan_cut'} op
 * @property {Array<Media>} media
 * @property {CutRequest} [request]
 */

/**
 * Several segments in one go: to keep, or to take out of the (one) source.
 *
 * `join` makes one result of them, in the order given; otherwise each becomes one. `name` may be a template
 * (`names.TEMPLATE_FIELDS`).
 * @typedef {object} CutRequest
 * @property {Mode} [mode]
 * @property {Container | null} [container]
 * @property {boolean} [allow_lead_in]
 * @property {'auto' | Reader} [engine]
 * @property {string | null} [name]
 * @property {boolean} [verify]
 * @property {Array<TrackRequest> | null} [tracks]
 * @property {Record<string, string | null>} [tags]
 * @property {Array<ChapterRequest> | null} [chapters]
 * @property {Array<Chapter> | null} [result_chapters]
 * @property {Array<SegmentRequest>} [segments]
 * @property {'keep' | 'remove'} [action]
 * @property {boolean} [join]
 */

/**
 * One span of media number `source`. Give `end` or `duration`, or neither for "to the end".
 * @typedef {object} SegmentRequest
 * @property {string | number} [start]
 * @property {string | number | null} [end]
 * @property {string | number | null} [duration]
 * @property {string | null} [label]
 * @property {number} [source]
 */

/**
 * Plan and do, for several segments; replies CutResult with the slot `files` out, one for each result.
 * @typedef {object} RunCut
 * @property {'cut'} op
 * @property {Array<Media>} media
 * @property {CutRequest} [request]
 */

/**
 * Work on a list of segments of one media; replies Segments.
 *
 * `value` is what the action needs: a time for `shift`, `split` and `length`, a whole number for
 * `count`, bytes for `size`, nothing for `check`, `invert` and `align`.
 * @typedef {object} EditSegments
 * @property {'segments'} op
 * @property {Media} media
 * @property {Array<SegmentRequest>} [segments]
 * @property {'align' | 'check' | 'count' | 'invert' | 'length' | 'shift' | 'size' | 'split'} [action]
 * @property {string | number | null} [value]
 */

/**
 * Read a list of segments of one media that a person or another program wrote; replies Segments, in its order.
 *
 * `text` is JSON, or lines of `start,end,label`.
 * @typedef {object} ReadSegments
 * @property {'read_segments'} op
 * @property {Media} media
 * @property {string} text
 */

/**
 * Tell what effects and transitions there are, or of those called `name` only; replies EffectsInfo.
 * @typedef {object} Effects
 * @property {'effects'} op
 * @property {string | null} [name]
 */

/**
 * Make one edit of a project; replies the Document after it, which is valid, or refuses.
 * @typedef {object} ApplyAction
 * @property {'apply'} op
 * @property {Document} document
 * @property {AddSource | SetSource | RemoveSource | AddTrack | RemoveTrack | MoveTrack | SetTrack | SetSoft | AddClip | RemoveClip | RippleDelete | Split | TrimIn | TrimOut | Move | MoveGroup | SetSpeed | SetVolume | SetTransform | SetText | SetEffect | RemoveEffect | SetDucking | SetTransition | RemoveTransition | AddMarker | RemoveMarker | MakeGroup | Ungroup | SetOutput | SetName} action
 */

/**
 * Let clips show a file.
 * @typedef {object} AddSource
 * @property {'add_source'} action
 * @property {Footage} source
 */

/**
 * Say something else of a file that clips may show, or that it is another one now: the one with the same id.
 * @typedef {object} SetSource
 * @property {'set_source'} action
 * @property {Footage} source
 */

/**
 * Forget a file that no clip shows.
 * @typedef {object} RemoveSource
 * @property {'remove_source'} action
 * @property {string} source
 */

/**
 * Put an empty track over all others, or at place `at`, counted from 0, which is the lowest.
 * @typedef {object} AddTrack
 * @property {'add_track'} action
 * @property {'audio' | 'subtitle' | 'text' | 'video'} kind
 * @property {string} [name]
 * @property {string} [id]
 * @property {number | null} [at]
 */

/**
 * Take away a track with all of its clips.
 * @typedef {object} RemoveTrack
 * @property {'remove_track'} action
 * @property {string} track
 */

/**
 * Put a track at place `at`, counted from 0, which is the lowest.
 * @typedef {object} MoveTrack
 * @property {'move_track'} action
 * @property {string} track
 * @property {number} at
 */

/**
 * Name, mute or hide a track; None leaves as it is.
 * @typedef {object} SetTrack
 * @property {'set_track'} action
 * @property {string} track
 * @property {string | null} [name]
 * @property {boolean | null} [muted]
 * @property {boolean | null} [hidden]
 */

/**
 * Make a subtitle track one that can be switched on and off; None draws it into the picture.
 * @typedef {object} SetSoft
 * @property {'set_soft'} action
 * @property {string} track
 * @property {Soft | null} [soft]
 */

/**
 * Put a span of a source, or a text, on a track.
 *
 * `source_end_us` None is the end of the source, `at_us` None the end of the track. `duration_us` is for texts and
 * stills only, None for five seconds. `ripple` pushes what starts at `at_us` or later out of the way.
 * @typedef {object} AddClip
 * @property {'add_clip'} action
 * @property {string} track
 * @property {string | null} [source]
 * @property {number} [source_start_us]
 * @property {number | null} [source_end_us]
 * @property {string} [speed]
 * @property {string | null} [text]
 * @property {Record<string, any>} [style]
 * @property {number | null} [duration_us]
 * @property {number | null} [at_us]
 * @property {boolean} [ripple]
 * @property {string} [label]
 * @property {string} [id]
 */

/**
 * Take a clip away and leave a gap.
 * @typedef {object} RemoveClip
 * @property {'remove_clip'} action
 * @property {string} clip
 */

/**
 * Take a clip away and close the gap, so that its neighbours touch.
 *
 * `all_tracks` moves what starts later on the other tracks too, and markers.
 * @typedef {object} RippleDelete
 * @property {'ripple_delete'} action
 * @property {string} clip
 * @property {boolean} [all_tracks]
 */

/**
 * Make two clips of one, the second of which starts at `at_us` and is called `id`.
 * @typedef {object} Split
 * @property {'split'} action
 * @property {string} clip
 * @property {number} at_us
 * @property {string} [id]
 */

/**
 * Let a clip begin with what it shows at `to_us`, or would show there; what it shows at other times stays.
 *
 * With `ripple` it stays where it starts, and it and what follows on the track move by the difference.
 * @typedef {object} TrimIn
 * @property {'trim_in'} action
 * @property {string} clip
 * @property {number} to_us
 * @property {boolean} [ripple]
 */

/**
 * Let a clip end at `to_us`. With `ripple` what follows on the track moves by the difference.
 * @typedef {object} TrimOut
 * @property {'trim_out'} action
 * @property {string} clip
 * @property {number} to_us
 * @property {boolean} [ripple]
 */

/**
 * Let a clip start at `to_us`, on another track if one is named.
 *
 * A transition that it has becomes as long as the two clips then overlap, and goes if they do not.
 * @typedef {object} Move
 * @property {'move'} action
 * @property {string} clip
 * @property {number} to_us
 * @property {string | null} [track]
 */

/**
 * Move all clips of a group by as much, to earlier times if that is below zero.
 * @typedef {object} MoveGroup
 * @property {'move_group'} action
 * @property {string} group
 * @property {number} by_us
 */

/**
 * Show the same span of the source faster or slower. With `ripple` what follows on the track moves.
 * @typedef {object} SetSpeed
 * @property {'set_speed'} action
 * @property {string} clip
 * @property {string} speed
 * @property {boolean} [ripple]
 */

/**
 * Set the volume of a clip or of a track: name one of the two.
 * @typedef {object} SetVolume
 * @property {'set_volume'} action
 * @property {number} volume
 * @property {string | null} [clip]
 * @property {string | null} [track]
 */

/**
 * Say where a clip's picture stands.
 * @typedef {object} SetTransform
 * @property {'set_transform'} action
 * @property {string} clip
 * @property {Transform} transform
 */

/**
 * Say something else, in another style if one is given.
 * @typedef {object} SetText
 * @property {'set_text'} action
 * @property {string} clip
 * @property {string} text
 * @property {Record<string, any> | null} [style]
 */

/**
 * Put an effect in place number `at` of a clip or a track; of the project if neither is named.
 *
 * `at` None adds it as the last.
 * @typedef {object} SetEffect
 * @property {'set_effect'} action
 * @property {Effect} effect
 * @property {string | null} [clip]
 * @property {string | null} [track]
 * @property {number | null} [at]
 */

/**
 * Take away effect number `at` of a clip or a track; of the project if neither is named.
 * @typedef {object} RemoveEffect
 * @property {'remove_effect'} action
 * @property {number} at
 * @property {string | null} [clip]
 * @property {string | null} [track]
 */

/**
 * Let the sound of a track make way for that of others; for none if there is no `ducking`.
 * @typedef {object} SetDucking
 * @property {'set_ducking'} action
 * @property {string} track
 * @property {Ducking | null} [ducking]
 */

/**
 * Let one clip become the next of its track, with which it touches or overlaps already.
 *
 * `after` and what follows it on the track come so much earlier that the two overlap by `duration_us`.
 * @typedef {object} SetTransition
 * @property {'set_transition'} action
 * @property {string} before
 * @property {string} after
 * @property {string} name
 * @property {number} duration_us
 * @property {Record<string, any>} [params]
 */

/**
 * Let two clips touch that had a transition: `after` and what follows it come so much later.
 * @typedef {object} RemoveTransition
 * @property {'remove_transition'} action
 * @property {string} before
 * @property {string} after
 */

/**
 * Name a moment.
 * @typedef {object} AddMarker
 * @property {'add_marker'} action
 * @property {number} time_us
 * @property {string} [name]
 * @property {string} [id]
 */

/**
 * Forget a moment.
 * @typedef {object} RemoveMarker
 * @property {'remove_marker'} action
 * @property {string} marker
 */

/**
 * Let clips and groups be moved as one.
 * @typedef {object} MakeGroup
 * @property {'group'} action
 * @property {Array<string>} members
 * @property {string} [id]
 */

/**
 * Let the members of a group go; they fall to the group that it belongs to, if there is one.
 * @typedef {object} Ungroup
 * @property {'ungroup'} action
 * @property {string} group
 */

/**
 * Say what comes of the project.
 * @typedef {object} SetOutput
 * @property {'set_output'} action
 * @property {Output} output
 */

/**
 * Name the project.
 * @typedef {object} SetName
 * @property {'set_name'} action
 * @property {string} name
 */

/**
 * Read a project that was stored as JSON, by this version or an older one; replies Document, or all faults.
 * @typedef {object} ReadProject
 * @property {'read_project'} op
 * @property {string} text
 */

/**
 * Decide and show how a project would be rendered, without doing; replies Rendering.
 * @typedef {object} PlanRender
 * @property {'plan_render'} op
 * @property {Project} project
 * @property {Export} [export]
 */

/**
 * A document with the files that were opened for it.
 *
 * A source of the document names its file by `media`, the id of a Source: among `media`, or for tables of colours and
 * subtitles among `extras`.
 * @typedef {object} Project
 * @property {Document} document
 * @property {Array<Media>} [media]
 * @property {Array<Source>} [extras]
 */

/**
 * How a person wants a project written.
 *
 * `format`, `max_bytes` (bytes) and `name` replace what the preset says. `start_us` and `end_us` export a part of it;
 * `at_us` is when a still is taken. With `chapters` the markers become chapters, where the format has any. With `copy`
 * a project that only cuts is made without encoding what can be copied, in the quality of its sources.
 * @typedef {object} Export
 * @property {string} [preset]
 * @property {Container | 'gif' | 'jpg' | 'png' | 'webp' | 'zip' | null} [format]
 * @property {string | null} [name]
 * @property {number} [start_us]
 * @property {number | null} [end_us]
 * @property {number | null} [at_us]
 * @property {number | null} [max_bytes]
 * @property {boolean} [chapters]
 * @property {boolean} [copy]
 */

/**
 * Render a project; replies RenderResult with the slot `file` out. One at a time, as clips are.
 * @typedef {object} RunRender
 * @property {'render'} op
 * @property {Project} project
 * @property {Export} [export]
 */

/**
 * Forget an open source, or a result that was handed over; replies None.
 * @typedef {object} Close
 * @property {'close'} op
 * @property {Source} source
 */

/**
 * Raw facts about a file.
 *
 * `head` is its first HEAD bytes (or all of it), `size` its length in bytes, `format_name` the looker's
 * name for the container. `end_us` is the presentation time at which the file ends by the container's
 * own header, or as the looker found out by reading; None where only the tracks tell. `tags` have the
 * container's or FFmpeg's keys, `chapters` are on the file's own clock.
 * @typedef {object} Sighting
 * @property {string} head
 * @property {number} size
 * @property {string} format_name
 * @property {number | null} [end_us]
 * @property {Record<string, string>} [tags]
 * @property {Array<Chapter>} [chapters]
 * @property {Array<SightedTrack>} tracks
 */

/**
 * Raw facts about one track; a looker leaves out what it cannot know.
 *
 * `index` counts as FFmpeg does: tracks in the container's order, then attached pictures and
 * attachments. Attached pictures are of kind `video` with the disposition `attached_pic`, other
 * attachments of kind `data`. `codec` is the looker's own name for the codec (`avc` or `h264`) or,
 * where it has none, the container's id for it (`alac`, `V_FFV1`, `S_TEXT/UTF8`, a media type).
 *
 * `extradata` is the codec's private header as the container stores it (avcC, hvcC, av1C,
 * AudioSpecificConfig, ...) or, for a picture codec whose container stores none, the first bytes of the
 * first key frame, at most 4096. `codec_string` is used for ProRes only.
 *
 * `timestamps` are presentation times of the first TIMESTAMPS packets of a picture track, in decode
 * order (see `presentation`); `start` and `end` are when the track's presentation starts and ends. All
 * are ticks of `time_base` on the file's own clock, after edit lists; times before 0 are of packets that
 * are not presented.
 *
 * `bitrate` counts the packets' bytes only, in bits per second, and is None unless the container's index
 * tells it without reading the packets. `width` and `height` are as stored, `rotation` is the clockwise
 * turn in degrees, `pixel_aspect` the container's word. `bit_depth` is per component. `primaries`,
 * `transfer` and `matrix` are in FFmpeg's words or the browser's. `disposition` has FFmpeg's flag names. `alpha` is
 * what the container says of it; pixel formats, and headers of ProRes, tell by themselves.
 * @typedef {object} SightedTrack
 * @property {number} index
 * @property {'audio' | 'data' | 'subtitle' | 'video'} kind
 * @property {string} codec
 * @property {string | null} [codec_string]
 * @property {string} [extradata]
 * @property {string} [time_base]
 * @property {number | null} [start]
 * @property {number | null} [end]
 * @property {Array<number>} [timestamps]
 * @property {string | null} [language]
 * @property {string | null} [title]
 * @property {Array<string>} [disposition]
 * @property {number | null} [bitrate]
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [rotation]
 * @property {string | null} [pixel_aspect]
 * @property {string | null} [pixel_format]
 * @property {number | null} [bit_depth]
 * @property {boolean} [alpha]
 * @property {string | null} [profile]
 * @property {number | null} [level]
 * @property {string | null} [primaries]
 * @property {string | null} [transfer]
 * @property {string | null} [matrix]
 * @property {boolean | null} [full_range]
 * @property {number} [channels]
 * @property {number} [sample_rate]
 */

/**
 * Where a span can be cut, in microseconds on the person's clock.
 *
 * `first_frame` is the first frame presented in the span (None: there is none). `key_frame` is the last key frame
 * presented at or before that frame, from which decoding or copying must start. `next_key_frame` is the
 * first key frame at or after the in point (None: there is none).
 *
 * `clean_frame` is the first frame at or after `first_frame`, and inside the span, from which packets can be copied
 * behind anything else (H.264: IDR; HEVC: IDR, BLA or CRA, whose leading pictures count as shown before it; VP8, VP9
 * and AV1: key frames); None: there is none. Counting from it, in decode order, `clean_end` is the latest
 * place at or before the span's end at which copying can stop without taking a frame shown later: the span's end
 * itself, or the time of the first frame that cannot be copied. `closed_end` is the same at or after the span's
 * end. `head_frames` counts the frames from `first_frame` up to `clean_frame`, `tail_frames` those from
 * `clean_end` up to the span's end; where there is no clean frame, the head is all there is. `next_frame` is the
 * first frame at or after the span's end, when its last frame has been shown; where there is none, the time at which
 * the last frame of all has been shown (None: that is not known).
 * @typedef {object} CutPoint
 * @property {number | null} first_frame
 * @property {number | null} key_frame
 * @property {number | null} next_key_frame
 * @property {number | null} [clean_frame]
 * @property {number | null} [clean_end]
 * @property {number | null} [closed_end]
 * @property {number} [head_frames]
 * @property {number} [tail_frames]
 * @property {number | null} [next_frame]
 */

/**
 * An error as it stands on the wire.
 * @typedef {object} ErrorBody
 * @property {string} code
 * @property {string} message
 * @property {string} [hint]
 * @property {string} [detail]
 * @property {string} [path]
 */

/** What each operation takes.
 * @typedef {{open: Omit<Open, 'op'>, attach: Omit<Attach, 'op'>, parse_time: Omit<ParseTime, 'op'>, plan: Omit<PlanClip, 'op'>, clip: Omit<RunClip, 'op'>, plan_cut: Omit<PlanCut, 'op'>, cut: Omit<RunCut, 'op'>, segments: Omit<EditSegments, 'op'>, read_segments: Omit<ReadSegments, 'op'>, effects: Omit<Effects, 'op'>, apply: Omit<ApplyAction, 'op'>, read_project: Omit<ReadProject, 'op'>, plan_render: Omit<PlanRender, 'op'>, render: Omit<RunRender, 'op'>, close: Omit<Close, 'op'>}} Requests */

/** What each operation is answered with.
 * @typedef {{open: Media, attach: Source, parse_time: TimeReading, plan: Plan, clip: ClipResult, plan_cut: CutPlan, cut: CutResult, segments: Segments, read_segments: Segments, effects: EffectsInfo, apply: Document, read_project: Document, plan_render: Rendering, render: RenderResult, close: null}} Replies */
