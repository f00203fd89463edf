"""Images on a server that answers requests for ranges, on this machine."""

from __future__ import annotations

import io
import os
import re
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import Request, urlopen

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from hdcore import imread, read
from hdcore.frame import encode_frame
from hdcore.testing.sources import enhanced_ct

FRAMES = 60
SOURCE = enhanced_ct(FRAMES, 64, 64)
PIXELS = np.frombuffer(SOURCE.PixelData, "<i2").reshape(FRAMES, 64, 64)


def _content(syntax):
    image = enhanced_ct(FRAMES, 64, 64)
    if syntax == RLELossless:
        frames = [encode_frame(frame, syntax, 16, 16, "MONOCHROME2", 1) for frame in PIXELS]
        image.PixelData = encapsulate(frames)
        image["PixelData"].is_undefined_length = True
        image["PixelData"].VR = "OB"
        image.file_meta.TransferSyntaxUID = syntax
        image.BitsStored, image.HighBit = 16, 15
    file = io.BytesIO()
    image.save_as(file, enforce_file_format=True)
    return file.getvalue()


class Server(ThreadingHTTPServer):
    def __init__(self, content):
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = content
        self.ranges = []
        self.url = f"http://127.0.0.1:{self.server_port}/image.dcm"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        content = self.server.content
        start, stop = 0, len(content)
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked:
            start, stop = int(asked[1]), min(int(asked[2]) + 1, len(content))
            self.server.ranges.append((start, stop))
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(stop - start))
        self.end_headers()
        self.wfile.write(content[start:stop])

    def log_message(self, *arguments):
        """Keep quiet."""


class RangeFile:
    """A file whose bytes are asked for when they are read."""

    def __init__(self, url, size):
        self.url, self.size, self.position = url, size, 0

    def tell(self):
        return self.position

    def seek(self, offset, whence=os.SEEK_SET):
        self.position = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence] + offset
        return self.position

    def read(self, size=-1):
        stop = self.size if size < 0 else min(self.position + size, self.size)
        if stop <= self.position:
            return b""
        request = Request(self.url, headers={"Range": f"bytes={self.position}-{stop - 1}"})
        with urlopen(request, timeout=30) as answer:
            data = answer.read()
        self.position += len(data)
        return data


@pytest.fixture(params=["native", "compressed"])
def server(request):
    content = _content(RLELossless if request.param == "compressed" else SOURCE.file_meta.TransferSyntaxUID)
    with Server(content) as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_frames_of_a_server_are_asked_for_when_they_are_wanted(server):
    image = imread(RangeFile(server.url, len(server.content)), lazy_frame_retrieval=True)
    opening = len(server.ranges)
    assert opening <= 4
    np.testing.assert_array_equal(image.get_stored_frame(40), PIXELS[39])
    assert len(server.ranges) == opening + 1
    start, stop = server.ranges[-1]
    assert stop - start < 2 * PIXELS[0].nbytes
    with ThreadPoolExecutor(4) as executor:
        numbers = range(1, FRAMES + 1)
        for number, frame in zip(numbers, executor.map(image.get_stored_frame, numbers), strict=True):
            np.testing.assert_array_equal(frame, PIXELS[number - 1])


def test_the_answer_of_a_server_is_read_as_it_comes(server):
    with urlopen(server.url, timeout=30) as answer:
        image = imread(answer)
    np.testing.assert_array_equal(image.get_stored_frames(), PIXELS)
    with urlopen(server.url, timeout=30) as answer:
        assert read(answer).NumberOfFrames == FRAMES
    assert server.ranges == []
