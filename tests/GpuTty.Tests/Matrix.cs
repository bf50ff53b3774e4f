namespace GpuTty.Tests;

/// <summary>One thing that can go wrong, or that peers test.</summary>
/// <param name="Id">M: failures. L, H, O, K: what libvirt's own tests hold. D: captured machines.</param>
/// <param name="What">In a few words.</param>
/// <param name="Tests">Class.Method of tests that are worth reading for it.
/// All that carry its number in their names count, named here or not.</param>
/// <param name="WhyNot">Why there is no test at all; null where there is one.</param>
/// <param name="Except">What of it no test shows, and why; null where nothing is left out.</param>
internal sealed record FailureCase(string Id, string What, string[] Tests, string? WhyNot = null, string? Except = null);

/// <summary>The failure matrix. Tests with a number in the name (<c>M14_...</c>)
/// count by themselves; here or in tests/lab, drafts left out.</summary>
internal static class Matrix
{
    public static IReadOnlyList<FailureCase> Cases { get; } =
    [
        new("M1", "SIGKILL around every record and call, also in the recovery", []),
        new("M2", "SIGKILL with a write in flight", ["RecoverCommandTests.M2_a_write_of_the_killed_worker_is_waited_for"]),
        new("M3", "power loss: journal cut, zeroed, repeated, a bit flipped",
        [
            "JournalReaderTests.M3_cut_at_any_byte_the_whole_lines_before_the_cut_are_left",
            "JournalReaderTests.M3_with_its_tail_zeroed_or_repeated_the_whole_lines_before_are_left",
            "JournalReaderTests.M3_a_flipped_bit_is_never_believed",
            "JournalReaderTests.M3_a_thousand_random_corruptions_leave_a_prefix_of_what_was_written",
            "TornJournalTests.M3_a_journal_cut_at_any_byte_is_recovered_to_a_whole_or_a_named_state",
        ]),
        new("M4", "full disk, failing writes",
        [
            "FailingDiskTests.M4_whatever_the_disk_refuses_to_keep_is_told_in_a_sentence_and_nothing_is_lost",
            "FileJournalTests.M4_on_a_full_disk_a_run_that_has_begun_is_recorded_to_its_end_and_another_does_not_begin",
            "FullDiskTests.M4_whichever_line_of_the_journal_cannot_be_written_nothing_is_begun_without_it",
            "KernelErrorsTests.M4_every_errno_of_every_file_that_is_written_is_told_in_words_and_the_card_goes_home",
            "KernelErrorsTests.M4_whichever_write_fails_in_whichever_way_the_card_is_where_it_was",
        ],
        Except: "Nothing is ever written to a driver's bind file. EMFILE and EINTR are those of the write itself; "
            + "a process of ours without descriptors cannot be made to order, because the runtime needs some at moments of its own."),
        new(
            "M5",
            "state directories read-only or absent",
            [
                "FullDiskTests.M5_a_switch_whose_state_cannot_be_written_begins_nothing",
                "FullDiskTests.M5_a_read_only_or_absent_directory_is_refused_before_anything_is_done",
            ],
            Except: "A read-only /var/log/gputty stops nothing: the log for people is not worth a switch."),
        new(
            "M6",
            "two at once",
            [
                "SwitchLockTests.M6_the_second_is_told_who_has_it_and_a_killed_holder_leaves_nothing_behind",
                "LinuxSwitchServiceTests.M6_while_one_runs_another_is_refused_and_the_wish_to_take_back_is_heard",
            ]),
        new(
            "M7",
            "a write that never comes back",
            ["SupervisedWriteTests.M7_a_write_that_does_not_come_back_is_stuck_and_blocks_every_other_until_it_has"]),
        new("M8", "display manager will not stop, or has another name",
            [
                "LinuxHostReaderTests.M8_the_display_manager_is_found_through_its_alias_and_its_screen_through_the_greeter",
                "LinuxControlsTests.M8_M30_without_systemd_the_refusal_says_what_to_do_instead",
            ]),
        new(
            "M9",
            "display manager restarts itself, session survives it",
            ["DesktopFactsTests.M9_a_session_can_survive_its_display_manager_and_is_ended_by_logind"]),
        new(
            "M10",
            "a holder reappears every second",
            ["ReachTests.M10_a_monitor_that_opens_the_card_every_second_does_not_stop_the_switch"]),
        new("M11", "references that nobody explains", ["AccountTests.M11_what_nobody_explains_is_said_to_be_unexplained"]),
        new("M12", "holders by map, deleted node, copy, in other namespaces",
            [
                "LiveHoldersTests.M12_holders_by_descriptor_copy_map_and_deleted_node_are_all_found",
                "FarHoldersTests.M12_holders_in_other_namespaces_are_found_by_number_whatever_their_node_is_called",
            ],
            Except: "A file that is only in a message between two sockets (SCM_RIGHTS), only in io_uring, "
                + "or only in the own table of one thread (CLONE_FILES undone) is in no /proc/PID/fd: it is not found. "
                + "The module's count betrays it (M11), and unloading, the gate, is refused (M15)."),
        new("M13", "processes that must live",
        [
            "ProcessEndingTests.M13_the_first_process_we_ourselves_and_those_above_us_are_never_signalled",
            "ProcessEndingTests.M13_who_asked_for_the_switch_is_never_signalled",
            "ProtectedProcessTests.M13_a_plan_that_would_have_to_end_a_part_of_the_system_is_refused_before_anything_is_done",
            "OrderTests.M13_nobody_who_must_live_is_ended",
        ]),
        new("M14", "pid used again", ["ProcessEndingTests.M14_another_process_with_the_same_number_is_left_alone"]),
        new(
            "M15",
            "module will not unload",
            [
                "KernelFactsTests.M15_unloading_a_busy_module_fails_at_once_and_changes_nothing",
                "KernelErrorMessagesTests.M15_refusals_to_unload_are_told_apart",
            ]),
        new("M16", "vfio-pci missing, built in, late",
            [
                "RefusedTests.M16_without_vfio_pci_nothing_is_begun",
                "RefusedTests.M16_whether_the_kernel_has_vfio_pci_is_known_before_anything_is_loaded",
                "OrderTests.M16_the_driver_of_virtual_machines_is_there_before_anything_can_fall_to_it",
            ],
            Except: "Variant drivers are never chosen, only recognised: they are for data-centre cards (nvgrace_gpu_vfio_pci), "
                + "and vfio-pci takes every card that GpuTty is for. A blacklist does not keep modprobe from a module that is named."),
        new("M17", "no IOMMU, foreign member in the group",
            [
                "MachineTests.M17_M18_a_machine_that_cannot_is_told_why",
                "KernelFactsTests.M17_without_an_IOMMU_vfio_takes_nothing_and_only_the_log_knows",
                "lab RefusalTests.Without_an_iommu_the_switch_is_refused",
                "lab RefusalTests.A_group_that_is_shared_with_a_network_card_is_refused",
            ]),
        new(
            "M18",
            "group open by a virtual machine on the way home",
            [
                "KernelFactsTests.M18_while_a_machine_runs_its_group_takes_no_host_driver",
                "MachineTests.M17_M18_a_machine_that_cannot_is_told_why",
                "lab TopologyTests.M18_a_card_in_a_running_vm_stays_there_until_the_vm_has_ended",
            ]),
        new("M19", "the device vanishes", []),
        new("M20", "another device at the old address",
            [
                "ExchangedCardTests.M20_another_card_at_the_old_address_is_not_taken_for_the_one_that_left",
                "ExchangedCardTests.M20_a_card_that_came_back_as_another_one_in_the_middle_is_named_and_nothing_is_written_to_it",
            ],
            Except: "A card of the very same product in the same slot is taken for the one that left: vendor, "
                + "product and subsystem are all that sysfs tells of most cards."),
        new(
            "M21",
            "remove and rescan forgets the override",
            [
                "KernelDrillTests.M21_K1_a_plan_goes_through_on_a_kernel_that_is_well",
                "OrderTests.M21_no_command_uses_new_id_or_rescan_and_vfio_is_never_unloaded",
            ]),
        new("M22", "somebody else binds in the middle", []),
        new(
            "M23",
            "fallen off the bus",
            [
                "PciFunctionReaderTests.M23_a_card_that_fell_off_the_bus_is_told_from_one_whose_config_is_unreadable",
                "RefusedTests.M23_a_card_that_no_longer_answers_is_not_moved_in_either_direction",
            ]),
        new("M24", "only card, virtual functions, twins",
        [
            "CapturedMachineTests.M24_a_card_with_sixteen_virtual_functions_and_a_management_screen",
            "RefusedTests.M24_a_card_with_virtual_functions_is_refused_and_its_functions_are_named",
            "RefusedTests.M24_the_primary_card_is_never_guessed_and_not_given_away_once_it_is_the_last",
            "RefusedTests.M24_the_card_that_draws_this_very_terminal_is_refused_where_there_is_no_other_screen",
            "lab TopologyTests.A_twin_at_work_keeps_its_driver_and_its_user_on_both_ways",
        ]),
        new("M25", "malformed sysfs", ["BrokenFilesTests.M25_D5_the_rest_of_the_list_stays_as_it_was"]),
        new("M26", "names that steer a terminal", ["ProcessEndingTests.M26_names_with_spaces_and_parentheses_do_not_shift_the_fields"]),
        new("M27", "links, pipes and other people's files where state goes",
        [
            "StateDirectoryTests.M27_a_link_in_place_of_a_file_is_refused_and_its_target_left_alone",
            "StateDirectoryTests.M27_a_file_with_a_second_name_is_refused",
            "StateDirectoryTests.M27_a_pipe_is_refused_and_not_waited_for",
            "StateDirectoryTests.M27_what_somebody_else_owns_is_refused",
            "StateDirectoryTests.M27_a_directory_that_is_a_link_or_open_to_others_is_refused",
        ]),
        new("M28", "PATH, current directory and environment of the caller",
        [
            "CommandRunnerTests.M28_only_the_known_directories_are_searched",
            "CommandRunnerTests.M28_nothing_of_the_callers_environment_and_no_keyboard_reaches_the_tool",
            "RealProgramTests.M28_no_tool_of_the_caller_is_run",
        ]),
        new("M29", "languages", ["RealProgramTests.M29_in_every_language_the_program_says_the_same"]),
        new(
            "M30",
            "tools missing",
            [
                "LinuxHostReaderTests.M30_a_machine_where_nothing_is_installed_is_read_as_far_as_it_goes",
                "LinuxControlsTests.M8_M30_without_systemd_the_refusal_says_what_to_do_instead",
            ]),
        new("M31", "very many processes and files",
            [
                "ManyProcessesTests.M31_D4_ten_thousand_processes_and_a_hundred_thousand_files_are_read_whole_and_in_time",
                "ManyProcessesTests.M31_processes_that_may_not_be_looked_into_are_counted_and_hide_nobody_else",
                "LiveHoldersTests.M31_one_process_with_many_files_and_many_that_come_and_go_are_no_trouble",
            ]),
        new("M32", "files whose reading hangs", ["HangTolerantScanTests.M32_items_that_hang_do_not_keep_the_others_from_being_read"]),
        new("M33", "terminal lost", ["LinuxSwitchServiceTests.M33_a_lost_terminal_does_not_end_a_switch"]),
        new("M34", "the clock jumps", []),
        new("M35", "journal of a newer version, or of another boot",
            [
                "JournalReaderTests.M35_a_journal_of_another_boot_is_history",
                "JournalReaderTests.M35_a_journal_of_another_version_is_named_and_not_read",
            ]),
        new("M36", "many rounds", ["ReachTests.M36_five_rounds_there_and_back_leave_no_trace"]),
        new("L1", "address of zeros", []),
        new(
            "L2",
            "detach: driver is vfio-pci, nothing else changed",
            ["ReachTests.L2_the_runner_gets_there_and_leaves_every_other_device_alone"]),
        new(
            "L3",
            "reset a device on vfio",
            [],
            "GpuTty never resets a device; vfio-pci does it when a virtual machine opens and closes it."),
        new("L4", "reattach one by one", ["PeersTests.L4_L7_L8_a_function_without_a_driver_travels_along_and_comes_home_without_one"]),
        new("L5", "return what is at home already", ["SwitchTests.L5_H1_where_the_card_is_already_nothing_is_done"]),
        new("L6", "unbind only, then return", ["KernelDrillTests.M4_L6_L9_whichever_write_is_refused_once_the_card_is_where_it_was"]),
        new(
            "L7",
            "detach a function without a driver",
            ["PeersTests.L4_L7_L8_a_function_without_a_driver_travels_along_and_comes_home_without_one"]),
        new(
            "L8",
            "return what no driver knows",
            ["PeersTests.L4_L7_L8_a_function_without_a_driver_travels_along_and_comes_home_without_one"]),
        new(
            "L9",
            "a detach that fails leaves the driver bound",
            [
                "KernelDrillTests.M4_L6_L9_whichever_write_is_refused_once_the_card_is_where_it_was",
                "FaultTests.L9_a_call_that_is_refused_once_leaves_the_machine_as_it_was",
            ]),
        new(
            "L10",
            "strict ACS check",
            [],
            "GpuTty does not ask for ACS on the way up to the root: it gives away what the kernel puts into a group of its own, "
                + "and the kernel forms groups by ACS. A stricter question would refuse boards that work."),
        new("H1", "nothing to prepare", ["SwitchTests.L5_H1_where_the_card_is_already_nothing_is_done"]),
        new("H2", "taken away by the user before", []),
        new("H3", "managed='yes'", []),
        new(
            "H4",
            "not given back behind the user's back",
            ["ConflictingToolsTests.H2_H4_an_override_that_somebody_else_has_set_is_reported_and_put_back"]),
        new(
            "H5",
            "in use by somebody else",
            [
                "PeersTests.H5_a_card_that_is_in_use_is_not_handed_out_again_and_nothing_changes",
                "lab TopologyTests.M18_a_card_in_a_running_vm_stays_there_until_the_vm_has_ended",
            ]),
        new("H6", "give back nothing", ["UndoTests.H6_nothing_to_undo_is_said_and_is_no_error"]),
        new(
            "H7",
            "started again, finds what was detached",
            ["SimulatedSwitchServiceTests.H7_what_a_killed_worker_left_is_offered_for_recovery"]),
        new(
            "H8",
            "two users of one function",
            [],
            "That is about NVMe name spaces; a graphics card is moved whole, with all its functions."),
        new(
            "O1",
            "order: check all, then act, then record",
            [
                "OrderTests.O1_aiming_comes_before_anything_else_that_is_written_to_PCI",
                "OrderTests.O1_services_stop_before_modules_are_unloaded_and_modules_go_before_functions_are_unbound",
            ]),
        new("O2", "checks of the group",
        [
            "CapturedMachineTests.O2_groups_are_counted_right",
            "OrderTests.O2_nothing_outside_the_card_is_touched_and_no_bridge_ever",
            "RefusedTests.O2_what_is_no_endpoint_is_no_card",
            "RefusedTests.O2_a_group_of_which_another_virtual_machine_has_a_member_is_refused",
            "RefusedTests.O2_a_group_with_a_member_that_is_no_pci_function_is_refused",
        ]),
        new("O3", "reset refused for a device in use", [], "GpuTty never resets a device or a bus."),
        new(
            "O4",
            "override written, cleared, left alone",
            [
                "LinuxControlsTests.O4_an_override_is_set_and_cleared",
                "LinuxControlsTests.O4_only_the_driver_that_has_the_function_is_asked_to_let_go",
            ]),
        new("K1", "what the kernel answers",
            [
                "KernelFactsTests.K1_a_probe_of_a_bound_function_changes_nothing",
                "KernelFactsTests.K1_the_node_of_a_group_comes_with_its_first_member_and_goes_with_the_last",
                "KernelDrillTests.M21_K1_a_plan_goes_through_on_a_kernel_that_is_well",
            ]),
        new(
            "D1",
            "captured machines as lspci sees them",
            ["CapturedMachineTests.D1_functions_ids_classes_and_drivers_are_those_that_lspci_sees"]),
        new(
            "D2",
            "every function in exactly one group",
            ["CapturedMachineTests.D2_every_function_is_in_the_group_it_names_and_in_no_other"]),
        new("D3", "a plan or a reason for every card of every machine", []),
        new("D4", "time", ["ManyProcessesTests.M31_D4_ten_thousand_processes_and_a_hundred_thousand_files_are_read_whole_and_in_time"]),
        new("D5", "every attribute damaged in every way", ["BrokenFilesTests.M25_D5_the_rest_of_the_list_stays_as_it_was"]),
    ];
}
