"""A headless Chromium, driven over the WebDriver protocol with nothing but the standard library."""
import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's reference, as the standard fixes it


class Browser:
    """`with Browser() as browser:` starts chromedriver and a window without a network; both end with the block."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory()
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = b""
        while b"started successfully on port" not in line:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver did not start")
        self.base = f"http://127.0.0.1:{int(line.split(b'port')[1].strip(b' .' + os.linesep.encode()))}"
        self.base += "/session/" + self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={self.profile.name}"]}}}})["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=20)
            self.driver.stdout.close()
            self.profile.cleanup()

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:500]}") from None

    def open(self, path, fragment=""):
        """Loads a file afresh: a mere change of the fragment would not."""
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": "file://" + os.path.abspath(path) + fragment})

    def script(self, text, *arguments):
        """The value that the script returns; it may refer to arguments[0] and so on."""
        return self._call("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def find(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._call("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, keys):
        """Keys to whatever has the focus."""
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            action for key in keys for action in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]}]})

    def wait(self, text, *arguments, seconds=20):
        """Until the script returns something true."""
        end = time.monotonic() + seconds
        while not (value := self.script(text, *arguments)):
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {text}")
            time.sleep(0.05)
        return value

    def console(self):
        """What the browser wrote to its console since the last call, one message each."""
        return [f"{each['level']}: {each['message']}" for each in self._call("POST", "/se/log", {"type": "browser"})]

    def url(self):
        return self._call("GET", "/url")

    def emulate(self, width, height, scheme="light"):
        """A screen of this size, in CSS pixels, of somebody who prefers light or dark."""
        self._devtools("Emulation.setDeviceMetricsOverride",
                       {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self._devtools("Emulation.setEmulatedMedia",
                       {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def screenshot(self):
        """PNG in base64."""
        return self._call("GET", "/screenshot")

    def _devtools(self, command, parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})
