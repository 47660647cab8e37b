"""What a release consists of: the site as an archive, the wheel, the npm package, a bill of materials, checksums."""
