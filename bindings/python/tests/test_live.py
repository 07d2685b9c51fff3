"""The package against a live server, and the protocol's vectors."""

import hashlib
import hmac
import json
import os
import threading
import unittest
from pathlib import Path

import keystead

WORLD = json.loads(os.environ["WORLD"])
VECTORS = Path(WORLD["vectors"])


def vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text())


def client(folder="python", **options):
    return keystead.Client(Path(WORLD["profile"]).read_text(), folder=str(Path(WORLD["folder"], folder)), **options)


class Live(unittest.TestCase):
    def test_a_product_is_activated_used_and_given_back(self):
        with client() as opened:
            self.assertEqual((opened.status()["state"], opened.has_feature("batch")), ("unlicensed", False))
            status = opened.activate(WORLD["keys"]["python"].lower(), "Python test")
            self.assertEqual((status["state"], status["mode"]), ("activated", "full"))
            self.assertTrue(opened.has_feature("batch"))
            self.assertEqual(opened.check(5000)["state"], "activated")
            with opened.keep_fresh():
                self.assertEqual(opened.refresh()["state"], "activated")
        with client() as again:
            self.assertEqual(again.deactivate()["state"], "unlicensed")

    def test_a_problem_has_its_code_and_says_what_to_do(self):
        with client("problems") as opened:
            with self.assertRaises(keystead.Problem) as raised:
                opened.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6N")
            self.assertEqual((raised.exception.code, raised.exception.number), ("product_key_mistyped", 2001))
            self.assertIn("Did you mean", raised.exception.next_action)
        with client("problems", proxy="http://127.0.0.1:9") as opened:
            with self.assertRaises(keystead.Problem) as raised:
                opened.activate(WORLD["keys"]["python"])
            self.assertEqual(raised.exception.code, "proxy_refused")

    def test_a_native_window_can_be_drawn_from_the_settings(self):
        rung = threading.Event()
        with client("settings") as opened, keystead.Settings(opened, rung.set) as settings:
            settings.send({"activate": {"key": "nonsense"}})
            self.assertTrue(rung.wait(10))
            for _ in range(200):
                rung.clear()
                view = settings.view()
                if view["work"] is None:
                    break
                rung.wait(1)
            self.assertEqual(view["notice"]["code"], "product_key_mistyped")

    def test_a_client_is_closed_while_others_still_use_it(self):
        opened = client("busy")
        busy = [threading.Thread(target=opened.diagnose) for _ in range(4)]
        for thread in busy:
            thread.start()
        opened.close()
        opened.close()
        for thread in busy:
            thread.join()
        with self.assertRaises(ValueError):
            opened.status()
        with self.assertRaises(TypeError):
            keystead.Client()

    def test_settings_are_closed_while_a_browser_is_waited_for(self):
        calls = []
        with client("waiting") as opened:
            settings = keystead.Settings(opened, lambda: calls.append(1))
            settings.send("sign_in_by_browser")
            while not settings.view()["sign_in"]:
                pass
            settings.close()
            after = len(calls)
            # The canceled job ends without calling back.
            threading.Event().wait(0.5)
            self.assertEqual(len(calls), after)

    def test_a_sign_in_is_begun_and_polled(self):
        with client("sign-in") as opened, opened.begin_sign_in("Python test") as sign_in:
            self.assertIn(sign_in.user_code, sign_in.verification_uri_complete)
            self.assertFalse(sign_in.poll())


class Vectors(unittest.TestCase):
    def test_typed_keys(self):
        for case in vectors("product_key")["typed"]:
            with self.subTest(case["name"]):
                self.assertEqual(keystead.read_code("product_key", case["typed"])["code"], case["key"])

    def test_payloads_by_hand_and_by_the_library(self):
        file = vectors("product_key")
        key = hkdf(file["tenant_secret"].encode(), file["tenant_id"].encode(), b"lic/product-key/mac/v1")
        self.assertEqual(key.hex(), file["mac_key"])
        for case in file["keys"]:
            head = 1 << 54 | file["kid"] << 50 | file["product_code"] << 38 | int(case["id"], 16)
            tag = hmac.digest(key, b"lic/pk/v1\0" + head.to_bytes(7, "big"), "sha256")[:5]
            self.assertEqual((head.to_bytes(7, "big") + tag).hex(), case["payload"])
            self.assertEqual(keystead.read_code("product_key", case["key"])["payload"], case["payload"])

    def test_fingerprint_tags(self):
        file = vectors("fingerprint")
        for case in file["tags"]:
            text = b"lic/fp/v1\0" + case["component"].encode() + b"\0" + case["canonical"].encode()
            tag = hmac.digest(bytes.fromhex(file["salt"]), text, "sha256")[:2]
            self.assertEqual(tag.hex(), case["tag"], case["component"])


def hkdf(material, salt, info):
    pseudo_random = hmac.digest(salt, material, "sha256")
    return hmac.digest(pseudo_random, info + b"\x01", hashlib.sha256)


if __name__ == "__main__":
    unittest.main()
