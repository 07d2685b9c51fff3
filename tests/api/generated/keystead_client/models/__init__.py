""" Contains all the data models used in inputs/outputs """

from .account_rule import AccountRule
from .account_view import AccountView
from .activate_request import ActivateRequest
from .activated import Activated
from .activation_details import ActivationDetails
from .activation_view import ActivationView
from .app_profile import AppProfile
from .channel import Channel
from .comparison import Comparison
from .component import Component
from .confirm_request import ConfirmRequest
from .deactivated import Deactivated
from .device_description import DeviceDescription
from .device_key import DeviceKey
from .device_view import DeviceView
from .edition_request import EditionRequest
from .edition_view import EditionView
from .file_answer import FileAnswer
from .file_request import FileRequest
from .fingerprint import Fingerprint
from .fingerprint_fp import FingerprintFp
from .key_batch_line_type_0 import KeyBatchLineType0
from .key_batch_line_type_1 import KeyBatchLineType1
from .key_batch_line_type_2 import KeyBatchLineType2
from .key_batch_line_type_3 import KeyBatchLineType3
from .key_batch_request import KeyBatchRequest
from .license_view import LicenseView
from .link_request import LinkRequest
from .linking_consent import LinkingConsent
from .linking_disclosure import LinkingDisclosure
from .machine_class import MachineClass
from .new_key import NewKey
from .offline_confirmation import OfflineConfirmation
from .offline_row import OfflineRow
from .offline_terms import OfflineTerms
from .open_request import OpenRequest
from .owner_needed import OwnerNeeded
from .page_device_view import PageDeviceView
from .page_license_view import PageLicenseView
from .policy_request import PolicyRequest
from .policy_rules import PolicyRules
from .policy_view import PolicyView
from .problem import Problem
from .problem_facts_type_0 import ProblemFactsType0
from .product_request import ProductRequest
from .product_view import ProductView
from .prove_release_request import ProveReleaseRequest
from .ratchet import Ratchet
from .reason import Reason
from .rebind_request import RebindRequest
from .refresh_request import RefreshRequest
from .rename_request import RenameRequest
from .sign_out_request import SignOutRequest
from .signed_out import SignedOut
from .signed_validation import SignedValidation
from .similarity import Similarity
from .standing_name import StandingName
from .state import State
from .term_type_0 import TermType0
from .term_type_1 import TermType1
from .term_type_2 import TermType2
from .time_view import TimeView
from .validation import Validation
from .validation_request_type_0 import ValidationRequestType0
from .validation_request_type_1 import ValidationRequestType1
from .validation_request_type_2 import ValidationRequestType2

__all__ = (
    "AccountRule",
    "AccountView",
    "Activated",
    "ActivateRequest",
    "ActivationDetails",
    "ActivationView",
    "AppProfile",
    "Channel",
    "Comparison",
    "Component",
    "ConfirmRequest",
    "Deactivated",
    "DeviceDescription",
    "DeviceKey",
    "DeviceView",
    "EditionRequest",
    "EditionView",
    "FileAnswer",
    "FileRequest",
    "Fingerprint",
    "FingerprintFp",
    "KeyBatchLineType0",
    "KeyBatchLineType1",
    "KeyBatchLineType2",
    "KeyBatchLineType3",
    "KeyBatchRequest",
    "LicenseView",
    "LinkingConsent",
    "LinkingDisclosure",
    "LinkRequest",
    "MachineClass",
    "NewKey",
    "OfflineConfirmation",
    "OfflineRow",
    "OfflineTerms",
    "OpenRequest",
    "OwnerNeeded",
    "PageDeviceView",
    "PageLicenseView",
    "PolicyRequest",
    "PolicyRules",
    "PolicyView",
    "Problem",
    "ProblemFactsType0",
    "ProductRequest",
    "ProductView",
    "ProveReleaseRequest",
    "Ratchet",
    "Reason",
    "RebindRequest",
    "RefreshRequest",
    "RenameRequest",
    "SignedOut",
    "SignedValidation",
    "SignOutRequest",
    "Similarity",
    "StandingName",
    "State",
    "TermType0",
    "TermType1",
    "TermType2",
    "TimeView",
    "Validation",
    "ValidationRequestType0",
    "ValidationRequestType1",
    "ValidationRequestType2",
)
